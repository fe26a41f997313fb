// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gst/tools/server/http_server.h"

using namespace anim;
using namespace anim::server;

namespace {

/// A client that says what it is told to.
class Line {
 public:
  explicit Line(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    REQUIRE(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() { close(socket_); }

  // False when the other side has closed.
  bool say(const std::string& text) const {
    return send(socket_, text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  // Everything up to the end.
  [[nodiscard]] std::string hear() const {
    std::string out;
    char part[4096];
    for (ssize_t got = 0; (got = recv(socket_, part, sizeof part, 0)) > 0;) {
      out.append(part, static_cast<std::size_t>(got));
    }
    return out;
  }

 private:
  int socket_;
};

// Says what it was asked.
ServerResponse echo(const ServerRequest& request) {
  if (request.refusal) {
    return {.status = row_of(request.refusal->code).status,
            .body = request.refusal->message + "[" + request.body + "]"};
  }
  std::string body = request.head.method + " " + request.head.target + "\n";
  for (const auto& [name, value] : request.head.headers) body += name + "=" + value + "\n";
  return {
      .type = "text/plain", .body = body + "[" + request.body + "]", .headers = {{"X-Id", "7"}}};
}

std::unique_ptr<HttpServer> serving(const HttpLimits& limits = {},
                                    const HttpServer::Handler& handler = echo) {
  auto server = HttpServer::start({"127.0.0.1", 0}, limits, handler);
  REQUIRE(server.ok());
  return std::move(*server);
}

std::string answer(const HttpServer& server, const std::string& request) {
  const Line line(server.port());
  line.say(request);
  return line.hear();
}

constexpr const char* kEnd = "Connection: close\r\n\r\n";

}  // namespace

TEST_CASE("a request reaches the handler as it was sent") {
  const auto server = serving();
  const std::string text =
      answer(*server,
             "POST /a%2Fb/../c?x=%41+1&y HTTP/1.1\r\nHost: h\r\nX-ACS-Date:  now \r\n"
             "X-Twice: 1\r\nx-twice: 2\r\nContent-Length: 4\r\n" +
                 std::string(kEnd) + "body");
  CHECK(text.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(text.find("X-Id: 7\r\n") != std::string::npos);
  CHECK(text.find("POST /a%2Fb/../c?x=%41+1&y\n") != std::string::npos);
  CHECK(text.find("host=h\nx-acs-date=now\nx-twice=1\nx-twice=2\n") != std::string::npos);
  CHECK(text.ends_with("[body]"));
}

TEST_CASE("bodies have a bound, whether they say so before or not") {
  const auto server = serving({.body = 1000});
  const std::string whole =
      answer(*server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n" + std::string(kEnd) +
                          std::string(1000, 'x'));
  CHECK(whole.find("[xxx") != std::string::npos);
  for (const char* length : {"1001", "100000000000", "99999999999999999999999"}) {
    const std::string text =
        answer(*server,
               std::string("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ") + length + "\r\n\r\n");
    CAPTURE(length);
    const bool is_refused = text.starts_with("HTTP/1.1 413") || text.starts_with("HTTP/1.1 400");
    CHECK(is_refused);
  }
  const Line line(server->port());
  line.say("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" + std::string(kEnd));
  const std::string chunk = "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
  for (int i = 0; i < 100 && line.say(chunk); ++i) {
  }
  line.say("0\r\n\r\n");
  const std::string text = line.hear();
  CHECK(text.starts_with("HTTP/1.1 413"));
  CHECK(text.ends_with("a body has at most 1000 bytes[]"));
}

TEST_CASE("all bodies together have a bound") {
  const auto server = serving({.bodies = 1500, .body = 1000});
  const std::string post =
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n" + std::string(kEnd);
  {
    const Line first(server->port());
    first.say(post + std::string(999, 'x'));
    // It is refused once the first one's bytes are there.
    bool is_refused = false;
    for (int i = 0; i < 100 && !is_refused; ++i) {
      is_refused = answer(*server, post + std::string(1000, 'y')).starts_with("HTTP/1.1 429");
    }
    CHECK(is_refused);
    first.say("x");
    CHECK(first.hear().find("[xxx") != std::string::npos);
  }
  // What was held is given back.
  for (int i = 0; i < 3; ++i) {
    CHECK(answer(*server, post + std::string(1000, 'y')).find("200 OK") != std::string::npos);
  }
}

TEST_CASE("what the handler throws is no end of the service") {
  const auto server = serving({}, [](const ServerRequest& request) -> ServerResponse {
    if (request.head.target == "/bad") throw std::runtime_error("trouble");
    return {.body = "fine"};
  });
  CHECK(answer(*server, "GET /bad HTTP/1.1\r\nHost: h\r\n" + std::string(kEnd))
            .starts_with("HTTP/1.1 500"));
  CHECK(answer(*server, "GET /good HTTP/1.1\r\nHost: h\r\n" + std::string(kEnd)).ends_with("fine"));
}

TEST_CASE("who is silent or slow is let go, others are answered") {
  const auto server =
      serving({.body = 1000, .idle = std::chrono::seconds(1), .whole = std::chrono::seconds(2)});
  const Line silent(server->port());
  const Line slow(server->port());
  slow.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
  CHECK(answer(*server, "GET / HTTP/1.1\r\nHost: h\r\n" + std::string(kEnd)).ends_with("[]"));
  int said = 0;
  for (; said < 40 && slow.say("x"); ++said) {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
  CHECK(said < 40);
  CHECK(silent.hear().find("200") == std::string::npos);
}

TEST_CASE("a head that comes byte by byte has an end, also a second one") {
  const auto server = serving({.idle = std::chrono::seconds(5), .whole = std::chrono::seconds(1)});
  for (const char* before : {"", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"}) {
    const Line slow(server->port());
    slow.say(std::string(before) + "GET / HTTP/1.1\r\nHost: h\r\nX: ");
    int said = 0;
    for (; said < 40 && slow.say("x"); ++said) {
      std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
    CHECK(said < 20);
  }
}

TEST_CASE("heads have a bound") {
  const auto server = serving();
  const std::string text =
      answer(*server, "GET /" + std::string(300'000, 'a') + " HTTP/1.1\r\n\r\n");
  CHECK(text.find("200 OK") == std::string::npos);
  CHECK(answer(*server, "GET / HTTP/1.1\r\nHost: h\r\n" + std::string(kEnd)).ends_with("[]"));
}

TEST_CASE("an address that is taken, or none") {
  const auto server = serving();
  const auto second = HttpServer::start({"127.0.0.1", server->port()}, {}, echo);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().message.find("cannot listen at 127.0.0.1, port") != std::string::npos);
  CHECK_FALSE(HttpServer::start({"192.0.2.1", 0}, {}, echo).ok());
}
