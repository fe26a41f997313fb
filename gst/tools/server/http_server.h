// SPDX-License-Identifier: LGPL-2.1-or-later
// HTTP over libmicrohttpd: whole requests in, whole answers out, all of it within bounds.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "gst/core/error.h"
#include "gst/core/service/api_error.h"
#include "gst/core/service/http_head.h"
#include "gst/core/store/multipart.h"
#include "gst/tools/server/descriptor.h"
#include "gst/tools/server/job_pool.h"
#include "gst/tools/server/slow_heads.h"

struct MHD_Daemon;

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

/// What clients may take.
struct HttpLimits {
  std::size_t bodies = std::size_t{64} << 20;    ///< bytes of all bodies that are held
  std::size_t body = std::size_t{1} << 20;       ///< bytes
  std::size_t head = std::size_t{128} << 10;     ///< bytes of a connection's memory, for the head
  unsigned connections = 2048;                   ///< at once
  std::chrono::seconds idle{15};                 ///< without a byte
  std::chrono::seconds whole{60};                ///< for a request to come
  std::uint64_t pace = std::uint64_t{16} << 10;  ///< bytes a second at least, into a sink
};

/// An address to listen at.
struct ListenAddress {
  std::string host;  ///< an IPv4 or IPv6 address
  std::uint16_t port = 0;
};

/// "127.0.0.1:8080", "[::1]:8080"; port 0 = any that is free. InvalidArgument otherwise.
[[nodiscard]] Result<ListenAddress> parse_listen_address(const std::string& text);

/// Answers from its beginning to its end.
class HttpServer {
 public:
  /// Called on several threads at once.
  using Handler = std::function<ServerResponse(const ServerRequest&)>;
  /// Called when the head is there, before Handler, which is not called for what this answers.
  using BodyPlanner = std::function<BodyPlan(const service::HttpHead&)>;

  /// Begins to listen. Fails with NotFound when the address cannot be used.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(const ListenAddress& address,
                                                                 const HttpLimits& limits,
                                                                 Handler handler,
                                                                 BodyPlanner planner = {});
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  /// Takes no more connections, and waits until the answers that were begun are sent, for some
  /// seconds at most.
  ~HttpServer();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] const HttpLimits& limits() const { return limits_; }
  /// Room for more of a body; false when there is none. What was taken is given back.
  [[nodiscard]] bool take_room(std::size_t bytes);
  void give_back_room(std::size_t bytes) { held_ -= bytes; }
  [[nodiscard]] SlowHeads& slow_heads() { return slow_heads_; }
  /// The answer to a request; what the handler throws becomes status 500.
  [[nodiscard]] ServerResponse answer(const ServerRequest& request) const;
  [[nodiscard]] BodyPlan plan_body(const service::HttpHead& head) const;
  /// Has a job done on another thread; false when too many wait.
  [[nodiscard]] bool do_later(Wait wait, JobPool::Job job);
  void begin_answer() { ++answers_; }
  void end_answer() { --answers_; }

 private:
  HttpServer(const HttpLimits& limits, Handler handler, BodyPlanner planner);

  HttpLimits limits_;
  Handler handler_;
  BodyPlanner planner_;
  SlowHeads slow_heads_;
  JobPool jobs_;
  JobPool long_jobs_;
  MHD_Daemon* daemon_ = nullptr;
  std::atomic<std::size_t> held_{0};  ///< bytes of bodies
  std::atomic<int> answers_{0};       ///< that are begun and not sent
};

}  // namespace anim::server
