// SPDX-License-Identifier: LGPL-2.1-or-later
#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gst/tools/server/http_server.h"
#include "tests/support/temporary_folder.h"

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
    return {.status = name_of(request.refusal->code).status,
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

// Within some seconds.
template <class Question>
bool comes_true(const Question& question) {
  for (int i = 0; i < 2000 && !question(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return question();
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

namespace {

/// Counts what it takes, and what it was destroyed with.
class Counter : public BodySink {
 public:
  explicit Counter(std::atomic<std::size_t>& left) : left_(left) {}
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  ~Counter() override { left_ = taken_; }
  bool take(std::string_view piece) override {
    taken_ += piece.size();
    return taken_ <= (std::size_t{3} << 20);
  }
  ServerResponse finish() override { return {.body = "took " + std::to_string(taken_)}; }

 private:
  std::atomic<std::size_t>& left_;
  std::size_t taken_ = 0;
};

}  // namespace

TEST_CASE("a body that goes into a sink has no bound of ours") {
  std::atomic<std::size_t> left{0};
  const auto plan = [&](const service::HttpHead& head) -> BodyPlan {
    if (head.path() == "/no") return ServerResponse{.status = 403, .body = "not you"};
    if (head.path() == "/sink") return std::make_unique<Counter>(left);
    return {};
  };
  auto server = HttpServer::start({"127.0.0.1", 0}, {}, echo, plan);
  REQUIRE(server.ok());
  const auto put = [&](const std::string& path, std::size_t bytes, std::size_t sent) {
    return answer(**server, "PUT " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " +
                                std::to_string(bytes) + "\r\n" + kEnd + std::string(sent, 'x'));
  };
  CHECK(put("/sink", 2'500'000, 2'500'000).ends_with("took 2500000"));
  CHECK(put("/sink", 4'000'000, 4'000'000).find("took") == std::string::npos);
  CHECK(comes_true([&] { return left > (std::size_t{3} << 20); }));  // it was destroyed
  CHECK(put("/no", 2'500'000, 10).find("403") != std::string::npos);
  CHECK(put("/else", 2'500'000, 10).find("413") != std::string::npos);
}

TEST_CASE("an answer that takes its time holds up no other") {
  std::atomic<int> waiting{0};
  std::atomic<bool> may_go{false};
  const auto handler = [&](const ServerRequest& request) -> ServerResponse {
    if (request.head.target == "/throw") {
      return {.later = [](const Turn&) -> ServerResponse { throw std::runtime_error("no"); }};
    }
    if (request.head.target != "/slow") return {.body = "quick"};
    return {.later = [&](const Turn& turn) -> ServerResponse {
      if (!turn.has_room) return {.status = 429};
      ++waiting;
      while (!may_go) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      return {.status = 201, .body = "slow"};
    }};
  };
  auto server = serving({}, handler);
  const std::string slow = std::string("GET /slow HTTP/1.1\r\nHost: h\r\n") + kEnd;
  std::vector<std::unique_ptr<Line>> lines;
  const auto ask = [&](int count) {
    for (int i = 0; i < count; ++i) {
      lines.push_back(std::make_unique<Line>(server->port()));
      REQUIRE(lines.back()->say(slow));
    }
  };
  ask(4);
  for (int i = 0; i < 400 && waiting < 4; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  REQUIRE(waiting == 4);
  ask(96);
  CHECK(
      answer(*server, std::string("GET /quick HTTP/1.1\r\nHost: h\r\n") + kEnd).ends_with("quick"));
  may_go = true;
  int slow_ones = 0;
  int refused = 0;
  for (const auto& line : lines) {
    const std::string heard = line->hear();
    slow_ones += heard.ends_with("slow") ? 1 : 0;
    refused += heard.find(" 429 ") != std::string::npos ? 1 : 0;
  }
  CHECK(slow_ones + refused == 100);
  CHECK(slow_ones >= 68);  // 4 at once and 64 that wait
  CHECK(refused > 0);
  CHECK(answer(*server, std::string("GET /throw HTTP/1.1\r\nHost: h\r\n") + kEnd).find(" 500 ") !=
        std::string::npos);
}

TEST_CASE("a server that stops ends what it has begun") {
  constexpr int kCount = 16;  // more than are made at once
  std::atomic<int> asked{0};
  auto server = serving({}, [&](const ServerRequest&) -> ServerResponse {
    ++asked;
    return {.later = [&](const Turn&) -> ServerResponse {
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      return {.body = std::string(1'000'000, 'x') + "late"};
    }};
  });
  std::vector<std::unique_ptr<Line>> lines;
  for (int i = 0; i < kCount; ++i) {
    lines.push_back(std::make_unique<Line>(server->port()));
    REQUIRE(lines.back()->say(std::string("GET /slow HTTP/1.1\r\nHost: h\r\n") + kEnd));
  }
  REQUIRE(comes_true([&] { return asked == kCount; }));
  std::thread stopper([&] { server.reset(); });
  int heard = 0;
  for (const auto& line : lines) heard += line->hear().ends_with("late") ? 1 : 0;
  stopper.join();
  CHECK(heard == kCount);
}

TEST_CASE("a server that stops does not wait for ever for who does not listen") {
  std::atomic<bool> is_asked{false};
  auto server = serving({}, [&](const ServerRequest&) -> ServerResponse {
    is_asked = true;
    return {.body = std::string(50'000'000, 'x')};
  });
  const Line deaf(server->port());
  REQUIRE(deaf.say(std::string("GET / HTTP/1.1\r\nHost: h\r\n") + kEnd));
  REQUIRE(comes_true([&] { return is_asked.load(); }));
  const auto began = std::chrono::steady_clock::now();
  server.reset();
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(15));
}

TEST_CASE("what takes seconds waits in a place of its own, and what has its place is not refused") {
  std::atomic<bool> may_go{false};
  std::atomic<int> asked{0};
  const auto handler = [&](const ServerRequest& request) -> ServerResponse {
    const std::string target = request.head.target;
    const Wait wait = target == "/long"      ? Wait::Long
                      : target == "/granted" ? Wait::Granted
                                             : Wait::Short;
    ++asked;
    return {.later = [&, target](const Turn& turn) -> ServerResponse {
              if (!turn.has_room) return {.status = 429, .body = "no room of " + target};
              while (target != "/quick" && !may_go) {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
              }
              return {.body = "done"};
            },
            .wait = wait};
  };
  auto server = serving({}, handler);
  std::vector<std::unique_ptr<Line>> lines;
  const auto ask = [&](const char* target, int count) {
    const int before = asked;
    for (int i = 0; i < count; ++i) {
      lines.push_back(std::make_unique<Line>(server->port()));
      REQUIRE(lines.back()->say("GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + kEnd));
    }
    REQUIRE(comes_true([&] { return asked == before + count; }));
  };
  const std::string quick = std::string("GET /quick HTTP/1.1\r\nHost: h\r\n") + kEnd;
  ask("/long", 40);
  CHECK(answer(*server, quick).ends_with("done"));
  ask("/short", 80);
  CHECK(answer(*server, quick).ends_with("no room of /quick"));
  ask("/granted", 5);
  may_go = true;
  int refused = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_done = lines[i]->hear().ends_with("done");
    if (i >= 120) CHECK(is_done);
    if (i < 40 && !is_done) ++refused;
  }
  CHECK(refused >= 20 - 4);
  CHECK(refused <= 40 - 16);
}

TEST_CASE("an answer hears that its client has left") {
  std::atomic<bool> has_begun{false};
  std::atomic<bool> has_left{false};
  auto server = serving({}, [&](const ServerRequest&) -> ServerResponse {
    return {.later = [&](const Turn& turn) -> ServerResponse {
      has_left = turn.is_left();
      has_begun = true;
      (void)comes_true([&] { return turn.is_left(); });
      has_left = turn.is_left();
      return {};
    }};
  });
  {
    const Line line(server->port());
    REQUIRE(line.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
    REQUIRE(comes_true([&] { return has_begun.load(); }));
    CHECK_FALSE(has_left);
  }
  CHECK(comes_true([&] { return has_left.load(); }));
}

TEST_CASE("a body of two lengths ends the connection") {
  const auto server = serving();
  const std::string second = "GET /second HTTP/1.1\r\nHost: h\r\n" + std::string(kEnd);
  for (const char* lengths :
       {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 0\r\n\r\n",
        "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    CAPTURE(lengths);
    const std::string text =
        answer(*server, std::string("POST / HTTP/1.1\r\nHost: h\r\n") + lengths + second);
    CHECK(text.starts_with("HTTP/1.1 400"));
    CHECK(text.find("a body has one length") != std::string::npos);
    CHECK(text.find("/second") == std::string::npos);
  }
}

TEST_CASE("headers that are read in two ways end the connection") {
  const auto server = serving();
  const std::string second = "GET /second HTTP/1.1\r\nHost: h\r\n" + std::string(kEnd);
  for (const char* header :
       {"Content-Length : 3\r\n\r\nabc", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "X(y): 1\r\n\r\n", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"}) {
    CAPTURE(header);
    const std::string text =
        answer(*server, std::string("POST / HTTP/1.1\r\nHost: h\r\n") + header + second);
    CHECK(text.starts_with("HTTP/1.1 400"));
    CHECK(text.find("/second") == std::string::npos);
  }
}

TEST_CASE("a file is sent in its stretch") {
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "f").string();
  std::ofstream(path) << "0123456789";
  auto server = serving({}, [&](const ServerRequest&) -> ServerResponse {
    return {.type = "text/plain",
            .file = FileBody{Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC)), {2, 5}}};
  });
  const std::string rest = std::string(" / HTTP/1.1\r\nHost: h\r\n") + kEnd;
  CHECK(answer(*server, "GET" + rest).ends_with("\r\n\r\n23456"));
  const std::string head = answer(*server, "HEAD" + rest);
  CHECK(head.find("Content-Length: 5\r\n") != std::string::npos);
  CHECK(head.ends_with("\r\n\r\n"));
}
