// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <variant>

#include <doctest/doctest.h>

#include "gst/tools/server/gateway.h"
#include "gst/tools/server/runner.h"
#include "tests/server/object_request.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;

namespace {

struct Bench {
  Bench() {
    std::filesystem::create_directory(folder.path() / "b");
    std::ofstream(folder.path() / "b/k") << "text";
  }
  TemporaryFolder folder;
  service::AccessKeys keys = *service::AccessKeys::parse("id secret");
  TaskStore writer = std::move(*TaskStore::open(folder.text()));
  TaskStore reader = std::move(*TaskStore::open(folder.text()));
  Metrics metrics;
  Runner runner{RunnerSettings{}, writer, metrics, [] {}};
  Planner planner{{}};
  Service service{{}, keys, {writer, reader}, runner, metrics, planner};
  Gateway gateway{{.storage_root = folder.text()}, keys, service, metrics};
};

}  // namespace

TEST_CASE("each request comes to its part of the service") {
  Bench bench;
  const auto get = [&](const std::string& target) {
    return bench.gateway.handle({{"GET", target, {}}, ""});
  };
  CHECK(get("/").type.starts_with("text/html"));
  CHECK(get("/health").body == R"({"status":"ok"})");
  CHECK(get("/b/k").type == "application/xml");
  CHECK(get("/?Action=GetTask").type.starts_with("application/json"));
  CHECK(bench.gateway.handle({{"POST", "/b/k?x-oss-async-process", {}}, ""}).type ==
        "application/xml");
  CHECK(bench.gateway.handle({object_request("GET", "b", "k"), ""}).later({}).file);
}

TEST_CASE("what there is no room for is told in the words of its kind, and counted") {
  Bench bench;
  const auto refusal =
      bench.gateway.handle({object_request("GET", "b", "k"), ""}).later({.has_room = false});
  CHECK(refusal.status == 429);
  CHECK(refusal.body.find("<Code>Throttling</Code>") != std::string::npos);
  CHECK(refusal.headers.front().first == "x-oss-request-id");
  const auto too_long =
      bench.gateway.handle({object_request("GET", "b", "k"), "",
                            service::ApiError{service::ApiCode::RequestTooLarge, "long"}});
  CHECK(too_long.status == 400);
  BodyPlan plan = bench.gateway.plan_body(object_request("PUT", "b", "cut"));
  CHECK(std::get<std::unique_ptr<BodySink>>(plan)->take("te"));
  plan = {};
  const std::string counts = bench.gateway.handle({{"GET", "/metrics", {}}, ""}).body;
  CHECK(counts.find("{action=\"GetObject\",status=\"429\"} 1") != std::string::npos);
  CHECK(counts.find("{action=\"GetObject\",status=\"400\"} 1") != std::string::npos);
  CHECK(counts.find("{action=\"PutObject\",status=\"499\"} 1") != std::string::npos);
}

TEST_CASE("what has come whole has its place") {
  Bench bench;
  BodyPlan plan = bench.gateway.plan_body(object_request("PUT", "b", "new"));
  CHECK(std::get<std::unique_ptr<BodySink>>(plan)->finish().wait == Wait::Granted);
}

TEST_CASE("a body that is put goes into a file, and is counted") {
  Bench bench;
  BodyPlan plan = bench.gateway.plan_body(object_request("PUT", "b", "new"));
  auto& sink = *std::get<std::unique_ptr<BodySink>>(plan);
  CHECK(sink.take("text"));
  CHECK(sink.finish().later({}).status == 200);
  CHECK(std::filesystem::exists(bench.folder.path() / "b/new"));
  CHECK(bench.gateway.handle({{"GET", "/metrics", {}}, ""})
            .body.find("{action=\"PutObject\",status=\"200\"} 1") != std::string::npos);
  const BodyPlan refused = bench.gateway.plan_body({"PUT", "/b/new", {}});
  CHECK(std::get<ServerResponse>(refused).status >= 400);
  CHECK(std::holds_alternative<std::monostate>(bench.gateway.plan_body({"POST", "/", {}})));
}
