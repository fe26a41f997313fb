// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/http_server.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <thread>
#include <utility>

#include <microhttpd.h>
#include <poll.h>
#include <sys/socket.h>

#include "gst/core/ascii.h"
#include "gst/tools/server/http_response.h"
#include "gst/tools/server/log.h"
#include "gst/tools/server/unique_id.h"

namespace anim::server {
namespace {

using Clock = std::chrono::steady_clock;

using service::ApiCode;
using service::ApiError;

constexpr unsigned kThreads = 4;
constexpr unsigned kJobThreads = 4;
constexpr std::size_t kMostJobs = 64;      // that wait
constexpr std::size_t kMostLongJobs = 16;  // that wait
constexpr std::chrono::seconds kFarewell(5);

/// One request on its way; owned by libmicrohttpd from its first line to its completion.
struct Exchange {
  ServerRequest request;
  Clock::time_point began = Clock::now();
  Clock::time_point due;  ///< when more of the body must have come
  bool has_head = false;
  std::unique_ptr<BodySink> sink;
  std::function<ServerResponse(const Turn&)> later;  ///< makes `answer` on another thread
  std::optional<ServerResponse> answer;
  bool is_answering = false;
};

// ---- what libmicrohttpd calls -------------------------------------------------------------------

// No exception may pass through libmicrohttpd: without memory the connection ends.
template <class Call>
auto guarded(Call call, decltype(call()) otherwise) noexcept {
  try {
    return call();
  } catch (const std::exception&) {
    return otherwise;
  }
}

int socket_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info != nullptr ? info->connect_fd : -1;
}

void note_connection(void* self, MHD_Connection* connection, void** /*context*/,
                     MHD_ConnectionNotificationCode code) {
  const auto note = [&] {
    SlowHeads& heads = static_cast<HttpServer*>(self)->slow_heads();
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
      heads.wait_for(socket_of(connection));
    } else {
      heads.forget(socket_of(connection));
    }
    return true;
  };
  (void)guarded(note, false);
}

void* begin_exchange(void* /*server*/, const char* target, MHD_Connection* /*connection*/) {
  const auto begin = [&]() -> void* {
    auto exchange = std::make_unique<Exchange>();
    exchange->request.head.target = target;
    return exchange.release();
  };
  return guarded(begin, nullptr);
}

void end_exchange(void* self, MHD_Connection* connection, void** context,
                  MHD_RequestTerminationCode /*code*/) {
  auto& server = *static_cast<HttpServer*>(self);
  const std::unique_ptr<Exchange> exchange(
      static_cast<Exchange*>(std::exchange(*context, nullptr)));
  if (exchange) server.give_back_room(exchange->request.body.size());
  if (exchange && exchange->is_answering) server.end_answer();
  // Another may come.
  const auto wait = [&] {
    server.slow_heads().wait_for(socket_of(connection));
    return true;
  };
  (void)guarded(wait, false);
}

MHD_Result add_header(void* fields, MHD_ValueKind /*kind*/, const char* name, const char* value) {
  const auto add = [&] {
    static_cast<Fields*>(fields)->emplace_back(lower_case(name),
                                               std::string(trimmed(value != nullptr ? value : "")));
    return MHD_YES;
  };
  return guarded(add, MHD_NO);
}

// From here on a server that stops waits for the answer.
void begin_answer(HttpServer& server, Exchange& exchange) {
  if (!std::exchange(exchange.is_answering, true)) server.begin_answer();
}

MHD_Result send(HttpServer& server, MHD_Connection* connection, Exchange& exchange,
                const ServerResponse& response) {
  begin_answer(server, exchange);
  return queue_response(connection, response) ? MHD_YES : MHD_NO;
}

ServerResponse broken(const char* what) {
  log(LogLevel::Error, "request-failed", {{"message", what}});
  return {.status = MHD_HTTP_INTERNAL_SERVER_ERROR,
          .body = service::error_json({ApiCode::Internal, "the service failed; its log says why"},
                                      uuid(), "")};
}

ServerResponse made(const Exchange& exchange, const Turn& turn) {
  try {
    return exchange.later(turn);
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

bool is_left(int socket) {
  pollfd handle{socket, POLLRDHUP, 0};
  return poll(&handle, 1, 0) > 0;
}

// Sends an answer, or has it made while the connection waits.
MHD_Result reply(HttpServer& server, MHD_Connection* connection, Exchange& exchange,
                 ServerResponse response) {
  if (!response.later) return send(server, connection, exchange, response);
  begin_answer(server, exchange);
  exchange.later = std::move(response.later);
  MHD_suspend_connection(connection);
  const auto job = [&exchange, connection] {
    const int socket = socket_of(connection);
    exchange.answer = made(exchange, {.is_left = [socket] { return is_left(socket); }});
    MHD_resume_connection(connection);
  };
  if (server.do_later(response.wait, job)) return MHD_YES;
  exchange.answer = made(exchange, {.has_room = false});
  MHD_resume_connection(connection);
  return MHD_YES;
}

bool says_too_long(const service::HttpHead& head, std::size_t most) {
  const auto text = head.header("content-length");
  if (!text) return false;
  const auto length = whole_number<std::size_t>(*text);
  return !length || *length > most;
}

ApiError too_long(std::size_t most) {
  return {ApiCode::RequestTooLarge, "a body has at most " + std::to_string(most) + " bytes"};
}

// Refuses a request whose body is not waited for: the connection ends with the answer.
MHD_Result refuse(HttpServer& server, MHD_Connection* connection, Exchange& exchange,
                  ApiError refusal) {
  exchange.request.refusal = std::move(refusal);
  ServerResponse response = server.answer(exchange.request);
  response.headers.emplace_back("Connection", "close");
  return send(server, connection, exchange, response);
}

MHD_Result take_head(HttpServer& server, MHD_Connection* connection, const char* method,
                     Exchange& exchange) {
  exchange.has_head = true;
  exchange.due = exchange.began + server.limits().whole;
  server.slow_heads().forget(socket_of(connection));
  service::HttpHead& head = exchange.request.head;
  head.method = method;
  const int count =
      MHD_get_connection_values(connection, MHD_HEADER_KIND, &add_header, &head.headers);
  if (count < 0 || static_cast<std::size_t>(count) != head.headers.size()) return MHD_NO;
  if (auto ambiguity = ambiguity_of(head)) {
    return refuse(server, connection, exchange, {ApiCode::InvalidArgument, std::move(*ambiguity)});
  }
  BodyPlan plan = server.plan_body(head);
  if (auto* response = std::get_if<ServerResponse>(&plan)) {
    return send(server, connection, exchange, *response);
  }
  if (auto* sink = std::get_if<std::unique_ptr<BodySink>>(&plan)) exchange.sink = std::move(*sink);
  if (exchange.sink || !says_too_long(head, server.limits().body)) return MHD_YES;
  return refuse(server, connection, exchange, too_long(server.limits().body));
}

// What is refused here is read to its end, as an answer before it is not heard.
void take_body(HttpServer& server, Exchange& exchange, std::string_view part) {
  ServerRequest& request = exchange.request;
  if (request.refusal) return;
  if (request.body.size() + part.size() > server.limits().body) {
    request.refusal = too_long(server.limits().body);
  } else if (!server.take_room(part.size())) {
    request.refusal = ApiError{ApiCode::Throttled, "too many requests are being read; try again"};
  } else {
    request.body.append(part);
    return;
  }
  server.give_back_room(request.body.size());
  request.body = {};
}

// A body that is long takes long, but has its pace. Who was quick may rest for as long as a whole
// request may take, and no longer.
void keep_pace(Exchange& exchange, std::size_t bytes, const HttpLimits& limits) {
  const std::chrono::duration<double> worth(static_cast<double>(bytes) /
                                            static_cast<double>(limits.pace));
  exchange.due = std::min(exchange.due + std::chrono::duration_cast<Clock::duration>(worth),
                          Clock::now() + limits.whole);
}

MHD_Result take_piece(HttpServer& server, Exchange& exchange, std::string_view piece) {
  if (exchange.sink) {
    keep_pace(exchange, piece.size(), server.limits());
    return exchange.sink->take(piece) ? MHD_YES : MHD_NO;
  }
  take_body(server, exchange, piece);
  return MHD_YES;
}

MHD_Result handle(void* self, MHD_Connection* connection, const char* /*url*/, const char* method,
                  const char* /*version*/, const char* data, std::size_t* size, void** context) {
  if (*context == nullptr) return MHD_NO;
  auto& server = *static_cast<HttpServer*>(self);
  auto& exchange = *static_cast<Exchange*>(*context);
  const auto take = [&] {
    if (!exchange.has_head) return take_head(server, connection, method, exchange);
    if (exchange.answer) return send(server, connection, exchange, *exchange.answer);
    if (Clock::now() > exchange.due) return MHD_NO;
    if (*size != 0) return take_piece(server, exchange, {data, std::exchange(*size, 0)});
    return reply(server, connection, exchange,
                 exchange.sink ? exchange.sink->finish() : server.answer(exchange.request));
  };
  return guarded(take, MHD_NO);
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ListenAddress& address,
                                                      const HttpLimits& limits, Handler handler,
                                                      BodyPlanner planner) {
  const auto place = socket_address(address);
  if (!place) return Error{ErrorCode::InvalidArgument, "no address to listen at", {}};
  std::unique_ptr<HttpServer> server(
      new HttpServer(limits, std::move(handler), std::move(planner)));
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME;
  if (place->storage.ss_family == AF_INET6) flags |= MHD_USE_IPv6;
  server->daemon_ = MHD_start_daemon(
      flags, 0, nullptr, nullptr, &handle, server.get(),                          //
      MHD_OPTION_SOCK_ADDR, reinterpret_cast<const sockaddr*>(&place->storage),   //
      MHD_OPTION_THREAD_POOL_SIZE, kThreads,                                      //
      MHD_OPTION_CONNECTION_LIMIT, limits.connections,                            //
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.head,                            //
      MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(limits.idle.count()),  //
      MHD_OPTION_STRICT_FOR_CLIENT, 1,                                            //
      MHD_OPTION_URI_LOG_CALLBACK, &begin_exchange, nullptr,                      //
      MHD_OPTION_NOTIFY_CONNECTION, &note_connection, server.get(),               //
      MHD_OPTION_NOTIFY_COMPLETED, &end_exchange, server.get(),                   //
      MHD_OPTION_END);
  if (server->daemon_ != nullptr) return server;
  return Error{ErrorCode::NotFound,
               "cannot listen at " + address.host + ", port " + std::to_string(address.port) +
                   ": " + std::strerror(errno),
               {}};
}

HttpServer::HttpServer(const HttpLimits& limits, Handler handler, BodyPlanner planner)
    : limits_(limits),
      handler_(std::move(handler)),
      planner_(std::move(planner)),
      slow_heads_(limits.whole),
      jobs_(kJobThreads, kMostJobs),
      long_jobs_(kJobThreads, kMostLongJobs) {}

// No connection may wait for a job when the daemon stops.
HttpServer::~HttpServer() {
  if (daemon_ == nullptr) return;
  const Descriptor socket(MHD_quiesce_daemon(daemon_));
  jobs_.stop();
  long_jobs_.stop();
  constexpr std::chrono::milliseconds kPause(5);
  const auto end = Clock::now() + kFarewell;
  while (answers_ > 0 && Clock::now() < end) std::this_thread::sleep_for(kPause);
  MHD_stop_daemon(daemon_);
}

bool HttpServer::do_later(Wait wait, JobPool::Job job) {
  if (wait == Wait::Long) return long_jobs_.add(std::move(job));
  return wait == Wait::Granted ? jobs_.add_granted(std::move(job)) : jobs_.add(std::move(job));
}

std::uint16_t HttpServer::port() const {
  const MHD_DaemonInfo* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
  return info != nullptr ? info->port : 0;
}

bool HttpServer::take_room(std::size_t bytes) {
  if (held_.fetch_add(bytes) + bytes <= limits_.bodies) return true;
  held_ -= bytes;
  return false;
}

ServerResponse HttpServer::answer(const ServerRequest& request) const {
  try {
    return handler_(request);
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

BodyPlan HttpServer::plan_body(const service::HttpHead& head) const {
  if (!planner_) return {};
  try {
    return planner_(head);
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

}  // namespace anim::server
