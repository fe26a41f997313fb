// SPDX-License-Identifier: LGPL-2.1-or-later
// One HTTP request over libcurl: no redirects, no other scheme than http and https, bounded in time
// and memory, stopped at any moment.
//
// URLs and headers may hold signatures: nothing of them goes to a log or into a sentence.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "gst/core/store/multipart.h"
#include "gst/core/store/retry.h"
#include "gst/core/store/signature.h"
#include "plugins/animtask/net/stop_signal.h"

namespace anim {

/// How long a request may take.
struct HttpTimes {
  std::chrono::milliseconds connect{10'000};  ///< until there is a connection
  std::chrono::seconds silence{30};           ///< without one byte in either direction
  std::chrono::milliseconds whole{0};         ///< in all; 0 = no bound
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  Fields headers;
  std::string body;  ///< unless `file` is given
  std::string file;  ///< its part `range` is the body
  FileRange range;
  HttpTimes times;
  std::size_t most = 65536;  ///< bytes of the answer's body; what goes beyond is not waited for
};

struct HttpAnswer {
  RequestEnd end = RequestEnd::NoAnswer;
  long status = 0;                             ///< of an answer
  std::map<std::string, std::string> headers;  ///< names in small letters
  std::string body;                            ///< its first `most` bytes
  std::string redirect;                        ///< where a 3xx points to, absolute; "" = nowhere
  std::string trouble;                         ///< why there is no answer: "timed out"

  [[nodiscard]] bool is_success() const { return status >= 200 && status <= 299; }
  /// The value of a header, "" without it.
  [[nodiscard]] std::string header(const std::string& name) const;
};

/// Makes the request, once. Waits for its end, or for `stop`.
[[nodiscard]] HttpAnswer send(const HttpRequest& request, const StopSignal& stop);

}  // namespace anim
