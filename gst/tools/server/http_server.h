// SPDX-License-Identifier: LGPL-2.1-or-later
// HTTP over libmicrohttpd: whole requests in, whole answers out, all of it within bounds.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "gst/core/error.h"
#include "gst/tools/server/http_message.h"
#include "gst/tools/server/job_pool.h"
#include "gst/tools/server/listen_address.h"
#include "gst/tools/server/slow_heads.h"

struct MHD_Daemon;

namespace anim::server {

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
