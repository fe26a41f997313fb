// SPDX-License-Identifier: LGPL-2.1-or-later
// The service without sockets and workers; test_service.py has both.
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "gst/core/service/acs_signature.h"
#include "gst/core/store/digest.h"
#include "gst/core/store/signature.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/runner.h"
#include "gst/tools/server/service.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;
using Json = nlohmann::json;

namespace {

struct Answer {
  int status;
  Json body;
  std::string request_id;
};

struct Bench {
  ServerRequest signed_request(const std::string& action, const Fields& parameters) {
    static int nonce = 0;
    ServerRequest request;
    request.head.method = "POST";
    request.head.target = "/" + query_text(parameters);
    const std::string date = iso_time(now());
    request.head.headers = {{"host", "h"},
                            {"x-acs-action", action},
                            {"x-acs-content-sha256", hex(sha256(""))},
                            {"x-acs-date", date.substr(0, date.find('.')) + "Z"},
                            {"x-acs-signature-nonce", std::to_string(++nonce)},
                            {"x-acs-version", "2020-09-30"}};
    std::vector<std::string> names;
    std::string joined;
    for (const auto& [name, value] : request.head.headers) {
      names.push_back(name);
      joined += (joined.empty() ? "" : ";") + name;
    }
    const auto canonical = service::acs_canonical_request(request.head, names, hex(sha256("")));
    request.head.headers.emplace_back(
        "authorization", "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=" + joined +
                             ",Signature=" + service::acs_signature(*canonical, "secret"));
    return request;
  }

  Answer call(const std::string& action, const Fields& parameters) {
    const ServerResponse response = service.handle(signed_request(action, parameters));
    return {response.status, Json::parse(response.body), response.headers.at(0).second};
  }

  static ServiceSettings settings() {
    ServiceSettings out;
    out.intake.limits.schemes = {"oss"};
    out.intake.queue = 2;
    out.projects = 3;
    out.bucket_project = "p";
    return out;
  }

  static Fields task(const std::string& project) {
    return {{"ProjectName", project},
            {"Sources", R"([{"URI":"oss://b/a.mp4"}])"},
            {"Targets", R"([{"Image":{"Animations":[{"Format":"gif","URI":"oss://b/a.gif"}]}}])"}};
  }

  TemporaryFolder folder;
  TaskStore writer = std::move(*TaskStore::open(folder.text()));
  TaskStore reader = std::move(*TaskStore::open(folder.text()));
  Metrics metrics;
  Runner runner{RunnerSettings{}, writer, metrics, [] {}};
  Planner planner{{.command = {"/bin/false"}, .folder = folder.text()}};
  Service service{settings(),       *service::AccessKeys::parse("id secret"),
                  {writer, reader}, runner,
                  metrics,          planner};
};

}  // namespace

TEST_CASE("projects") {
  Bench bench;
  CHECK(bench.call("CreateProject", {{"ProjectName", "p"}, {"Description", "d"}}).status == 200);
  CHECK(bench.call("CreateProject", {{"ProjectName", "p"}}).status == 409);
  CHECK(bench.call("GetProject", {{"ProjectName", "p"}}).body.at("Project").at("Description") ==
        "d");
  CHECK(bench.call("GetProject", {{"ProjectName", "q"}}).status == 404);
  CHECK(bench.call("CreateProject", {{"ProjectName", "0"}}).status == 400);
  CHECK(bench.call("CreateProject", {{"ProjectName", "q"}}).status == 200);
  CHECK(bench.call("CreateProject", {{"ProjectName", "r"}}).status == 200);
  CHECK(bench.call("CreateProject", {{"ProjectName", "s"}}).body.at("Code") ==
        "LimitExceededError");
  CHECK(bench.call("CreateProject", {{"ProjectName", "p"}}).status == 409);
  const Json first = bench.call("ListProjects", {{"MaxResults", "2"}}).body;
  CHECK(first.at("Projects").size() == 2);
  const Json second =
      bench.call("ListProjects", {{"MaxResults", "2"}, {"NextToken", first.at("NextToken")}}).body;
  CHECK(second.at("Projects").size() == 1);
  CHECK_FALSE(second.contains("NextToken"));
}

TEST_CASE("tasks wait until the queue is full") {
  Bench bench;
  CHECK(bench.call("CreateMediaConvertTask", Bench::task("p")).status == 404);
  CHECK(bench.call("CreateProject", {{"ProjectName", "p"}}).status == 200);
  const Answer created = bench.call("CreateMediaConvertTask", Bench::task("p"));
  CHECK(created.status == 200);
  CHECK(created.body.at("RequestId") == created.request_id);
  const std::string id = created.body.at("TaskId");
  CHECK(id.starts_with("MediaConvert-"));
  const Fields get = {{"ProjectName", "p"}, {"TaskType", "MediaConvert"}, {"TaskId", id}};
  CHECK(bench.call("GetTask", get).body.at("Status") == "Running");
  CHECK(bench.call("CreateMediaConvertTask", Bench::task("p")).status == 200);
  const Answer full = bench.call("CreateMediaConvertTask", Bench::task("p"));
  CHECK(full.status == 429);
  CHECK(full.body.at("Message") == "2 tasks wait already; try again later");
  CHECK(bench.call("ListTasks", {{"ProjectName", "p"}}).body.at("Tasks").size() == 2);
  const ServerResponse page = bench.service.handle({{"GET", "/metrics", {}}, ""});
  CHECK(page.body.find("anim_tasks_queued 2\n") != std::string::npos);
  CHECK(page.body.find("{action=\"CreateMediaConvertTask\",status=\"429\"} 1") !=
        std::string::npos);
}

TEST_CASE("what is no call") {
  Bench bench;
  const auto status = [&](const ServerRequest& request) {
    return bench.service.handle(request).status;
  };
  CHECK(status({{"GET", "/health", {}}, ""}) == 200);
  CHECK(status({{"HEAD", "/health", {}}, ""}) == 200);
  CHECK(status({{"HEAD", "/metrics", {}}, ""}) == 200);
  CHECK(status({{"POST", "/health", {}}, ""}) == 404);
  CHECK(status({{"GET", "/../etc/passwd", {}}, ""}) == 404);
  CHECK(status({{"DELETE", "/", {}}, ""}) == 405);
  CHECK(status({{"POST", "/", {}}, ""}) == 400);
  ServerRequest old = bench.signed_request("ListProjects", {});
  CHECK(status(old) == 200);
  CHECK(status(old) == 400);  // its nonce was used
  CHECK(bench.call("DropEverything", {}).status == 404);
  // Refusals are counted, too, under no name that a stranger has chosen.
  const std::string page = bench.service.handle({{"GET", "/metrics", {}}, ""}).body;
  CHECK(page.find("{action=\"unknown\",status=\"404\"} 3\n") != std::string::npos);
  CHECK(page.find("{action=\"ListProjects\",status=\"400\"} 1\n") != std::string::npos);
  CHECK(page.find("DropEverything") == std::string::npos);
}

TEST_CASE("reading does not wait for a write") {
  Bench bench;
  CHECK(bench.call("CreateProject", {{"ProjectName", "p"}}).status == 200);
  const std::string id = bench.call("CreateMediaConvertTask", Bench::task("p")).body.at("TaskId");
  // Another writer has the file for a while, and our own writer waits for it.
  Database database = std::move(*Database::open(bench.folder.text() + "/tasks.db"));
  auto holding = Transaction::begin(database);
  REQUIRE(holding.ok());
  const Fields get = {{"ProjectName", "p"}, {"TaskType", "MediaConvert"}, {"TaskId", id}};
  std::thread writing([&] { CHECK(*bench.writer.add_project({"q", "", now()}, 9)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto began = std::chrono::steady_clock::now();
  CHECK(bench.call("GetTask", get).status == 200);
  CHECK(bench.call("ListTasks", {{"ProjectName", "p"}}).body.at("Tasks").size() == 1);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(1));
  { const auto gone = std::move(holding); }
  writing.join();
}
