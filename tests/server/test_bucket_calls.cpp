// SPDX-License-Identifier: LGPL-2.1-or-later
#include <nlohmann/json.hpp>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/store/digest.h"
#include "gst/core/store/signature.h"
#include "gst/tools/server/bucket_calls.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/runner.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;

namespace {

const std::string kBody = "x-oss-async-process=video/animation,f_gif|sys/saveas,o_YS5naWY";

struct Bench {
  explicit Bench(std::optional<std::string> project = "p")
      : calls(*service::AccessKeys::parse("id secret"), std::move(project), intake) {
    REQUIRE(*store.add_project({"p", "", now()}, 9));
  }

  static IntakeSettings settings() {
    IntakeSettings out;
    out.limits.schemes = {"oss"};
    return out;
  }

  // A call that is signed as the store's clients sign.
  static ServerRequest signed_call(const std::string& body = kBody, const char* secret = "secret") {
    std::string time = iso_time(now());
    time = time.substr(0, time.find('.')) + "Z";
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    RequestToSign request;
    request.method = "POST";
    request.bucket = "b";
    request.key = "v/a 1.mp4";
    request.query = {{"x-oss-async-process", ""}};
    request.headers = {{"content-md5", base64(md5(body))}};
    ServerRequest out{{"POST", "/b/v/a%201.mp4?x-oss-async-process", {}}, body};
    for (auto [name, value] :
         signed_headers(request, {StoreKind::Oss, "r", time}, {"id", secret, ""})) {
      if (name == "Authorization") name = "authorization";
      out.head.headers.emplace_back(name, value);
    }
    return out;
  }

  TemporaryFolder folder;
  TaskStore store = std::move(*TaskStore::open(folder.text()));
  Metrics metrics;
  Runner runner{RunnerSettings{}, store, metrics, [] {}};
  TaskIntake intake{settings(), store, runner};
  BucketCalls calls;
};

}  // namespace

TEST_CASE("a call makes a task, and the same call the same one") {
  Bench bench;
  const ServerRequest request = Bench::signed_call();
  CHECK(is_bucket_call(request.head));
  const ServerResponse response = bench.calls.handle(request, "R-1");
  REQUIRE(response.status == 200);
  const auto body = nlohmann::json::parse(response.body);
  CHECK(body.at("RequestId") == "R-1");
  const auto task = *bench.store.task("p", body.at("TaskId").get<std::string>());
  REQUIRE(task);
  CHECK(nlohmann::json::parse(task->definition).at("Sources")[0].at("URI") == "oss://b/v/a 1.mp4");
  CHECK(bench.calls.handle(request, "R-2").body.find("SignatureNonceUsed") != std::string::npos);
  CHECK(*bench.store.queued() == 1);
}

TEST_CASE("a call that was seen makes no second task, however it is written") {
  Bench bench;
  const ServerRequest request = Bench::signed_call();
  REQUIRE(bench.calls.handle(request, "R-1").status == 200);
  ServerRequest again = request;
  std::string& authorization = again.head.headers.back().second;
  REQUIRE(again.head.headers.back().first == "authorization");
  std::string code = "SignatureNonceUsed";
  int status = 400;
  SUBCASE("blanks in the header") {
    authorization.insert(authorization.find(',') + 1, " ");
  }
  SUBCASE("one more field in the header") {
    authorization.insert(authorization.find(',') + 1, "a=b,");
    code = "SignatureDoesNotMatch";
    status = 403;
  }
  SUBCASE("another encoding of the path") {
    again.head.target = "/b/v/%61%201.mp4?x-oss-async-process";
  }
  SUBCASE("another encoding of the query") {
    again.head.target = "/b/v/a%201.mp4?x-oss-async%2Dprocess=";
  }
  SUBCASE("an empty field in the query") {
    again.head.target += "&";
  }
  const ServerResponse response = bench.calls.handle(again, "R-2");
  CHECK(response.status == status);
  CHECK_MESSAGE(response.body.find("<Code>" + code + "</Code>") != std::string::npos,
                response.body);
  CHECK(*bench.store.queued() == 1);
}

TEST_CASE("refusals are XML, as the store has them") {
  Bench bench;
  const auto answer = [&](const ServerRequest& request) {
    const ServerResponse response = bench.calls.handle(request, "R-1");
    CHECK(response.type == "application/xml");
    return std::to_string(response.status) + response.body;
  };
  CHECK(answer(Bench::signed_call(kBody, "wrong")).starts_with("403<?xml"));
  CHECK(answer(Bench::signed_call(kBody, "wrong")).find("<Code>SignatureDoesNotMatch</Code>") !=
        std::string::npos);
  CHECK(answer(Bench::signed_call("x-oss-async-process=<&>")).find("there is no |sys/saveas") !=
        std::string::npos);
  ServerRequest get = Bench::signed_call();
  get.head.method = "GET";
  CHECK(answer(get).starts_with("405"));
  ServerRequest bare = Bench::signed_call();
  bare.head.target = "/b?x-oss-async-process";
  CHECK(answer(bare).starts_with("400"));
  CHECK(*bench.store.queued() == 0);
}

TEST_CASE("without a project there is nobody to bill") {
  Bench bench{std::nullopt};
  CHECK(bench.calls.handle(Bench::signed_call(), "R-1").status == 404);
}

TEST_CASE("what is no such call") {
  CHECK_FALSE(is_bucket_call({"POST", "/?x-oss-async-process", {}}));
  CHECK_FALSE(is_bucket_call({"POST", "/b/k", {}}));
  CHECK_FALSE(is_bucket_call({"POST", "/b/k?x=%", {}}));
}
