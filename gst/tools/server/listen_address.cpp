// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/listen_address.h"

#include <algorithm>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "gst/core/ascii.h"
#include "gst/core/text.h"

namespace anim::server {

Result<ListenAddress> parse_listen_address(const std::string& text) {
  const std::size_t colon = std::min(text.rfind(':'), text.size());
  const std::string_view port = std::string_view(text).substr(std::min(colon + 1, text.size()));
  ListenAddress out{text.substr(0, colon), whole_number<std::uint16_t>(port).value_or(0)};
  if (out.host.starts_with('[') && out.host.ends_with(']')) {
    out.host = out.host.substr(1, out.host.size() - 2);
  }
  if (whole_number<std::uint16_t>(port) && socket_address(out)) return out;
  return Error{ErrorCode::InvalidArgument,
               in_quotes(text) + " is no address and port like 127.0.0.1:8080 or [::1]:8080",
               {}};
}

std::optional<SocketAddress> socket_address(const ListenAddress& address) {
  SocketAddress out;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  if (inet_pton(AF_INET, address.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(address.port);
    out.length = sizeof *v4;
    return out;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (inet_pton(AF_INET6, address.host.c_str(), &v6->sin6_addr) != 1) return {};
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(address.port);
  out.length = sizeof *v6;
  return out;
}

}  // namespace anim::server
