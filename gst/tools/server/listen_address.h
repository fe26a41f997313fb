// SPDX-License-Identifier: LGPL-2.1-or-later
// The address at which a service listens.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/socket.h>

#include "gst/core/error.h"

namespace anim::server {

/// An address to listen at.
struct ListenAddress {
  std::string host;  ///< an IPv4 or IPv6 address
  std::uint16_t port = 0;
};

/// "127.0.0.1:8080", "[::1]:8080"; port 0 = any that is free. InvalidArgument otherwise.
[[nodiscard]] Result<ListenAddress> parse_listen_address(const std::string& text);

/// The same as the system takes it.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

/// Nothing when the host is no address of IPv4 or IPv6.
[[nodiscard]] std::optional<SocketAddress> socket_address(const ListenAddress& address);

}  // namespace anim::server
