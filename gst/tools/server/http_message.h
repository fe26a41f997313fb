// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests of HTTP and the answers to them, whatever library carries them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gst/core/service/api_error.h"
#include "gst/core/service/http_head.h"
#include "gst/core/store/multipart.h"
#include "gst/tools/server/descriptor.h"

namespace anim::server {

struct ServerRequest {
  service::HttpHead head;
  std::string body;
  std::optional<service::ApiError> refusal = {};  ///< to be said; there is no body then
};

/// A stretch of a file, sent as it is.
struct FileBody {
  Descriptor file;
  FileRange bytes;
};

/// What an answer that is made later is told when its turn comes.
struct Turn {
  bool has_room = true;  ///< false: too many wait, and the answer is to say so
  /// Whether the client has left, so that nobody waits for the answer.
  std::function<bool()> is_left = [] { return false; };
};

/// Where an answer that is made later waits.
enum class Wait {
  Short,    ///< with what reads and writes files, of which only so many wait
  Granted,  ///< there, too, but with a place in any case: something else bounds how many there are
  Long,     ///< with what takes seconds: in threads of its own, and very few wait
};

/// What to say when there is no room.
[[nodiscard]] inline service::ApiError no_room() {
  return {service::ApiCode::Throttled, "too many requests wait; try again later"};
}

struct ServerResponse {
  int status = 200;
  std::string type = "application/json;charset=utf-8";
  std::string body = {};
  Fields headers = {};
  std::optional<FileBody> file = {};  ///< in the place of `body`
  /// Makes the answer in the place of this one, on another thread: for what takes its time.
  std::function<ServerResponse(const Turn&)> later = {};
  Wait wait = Wait::Short;  ///< of `later`
};

/// Takes a body piece by piece: one that is too long to be held. What came of one that did not end
/// is to be undone when it is destroyed.
class BodySink {
 public:
  BodySink() = default;
  BodySink(const BodySink&) = delete;
  BodySink& operator=(const BodySink&) = delete;
  virtual ~BodySink() = default;

  /// False ends the connection.
  [[nodiscard]] virtual bool take(std::string_view piece) = 0;
  /// The answer to the request when its body has come whole.
  [[nodiscard]] virtual ServerResponse finish() = 0;
};

/// What becomes of a request's body: it is held for the answer (nothing said), goes into a sink, or
/// is not waited for, as the request is answered already.
using BodyPlan = std::variant<std::monostate, std::unique_ptr<BodySink>, ServerResponse>;

}  // namespace anim::server
