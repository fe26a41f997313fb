// SPDX-License-Identifier: LGPL-2.1-or-later
// HTTP/1.1 as text: from bytes to a request, from an answer to bytes. Just enough for one program
// to talk to another on the same machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace live_clip {

/// One request.
struct HttpRequest {
  std::string method;
  std::string path;   ///< without the query
  std::string query;  ///< what follows "?"
  std::string body;
};

/// What is answered: JSON.
struct HttpAnswer {
  int status = 200;
  std::string body;
};

/// What bytes that have come so far are: more has to come when both are absent.
struct HttpParse {
  std::optional<HttpRequest> request;  ///< whole
  std::optional<HttpAnswer> refusal;   ///< of what is no request that is answered here
};

/// Refuses what is larger than 16 KiB, and what a web page sent: it has an Origin, or another Host
/// than this machine (a name that was made to lead here).
[[nodiscard]] HttpParse parse_request(std::string_view bytes);

[[nodiscard]] std::string to_bytes(const HttpAnswer& answer);

/// An answer {"error": message}.
[[nodiscard]] HttpAnswer refuse(int status, const std::string& message);

}  // namespace live_clip
