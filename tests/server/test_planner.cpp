// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "gst/tools/server/planner.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;

namespace {

const std::string kTask =
    R"({"ProjectName":"p","Sources":[{"URI":"oss://b/a.mp4"}],"Targets":[{"Image":{"Animations":[)"
    R"({"Format":"gif","URI":"oss://b/a.gif"}]}}]})";

struct Bench {
  // A worker that is a shell script; "$2" is the task's file.
  explicit Bench(const std::string& script, std::chrono::seconds wall = std::chrono::seconds(20))
      : planner({.command = {"/bin/sh", "-c", script, "worker"},
                 .folder = folder.text(),
                 .limits = {std::uint64_t{1} << 30, std::chrono::seconds(20), wall}}) {}
  TemporaryFolder folder;
  Planner planner;
};

}  // namespace

TEST_CASE("what the worker says of the task is the plan, and no file is left") {
  const Bench bench(
      R"(test "$1" = --dry-run && grep -q oss://b/a.gif "$2" && echo '{"Outputs":[]}')");
  const auto plan = bench.planner.plan(kTask);
  REQUIRE(plan);
  CHECK(*plan == R"({"Outputs":[]})");
  CHECK(std::filesystem::is_empty(bench.folder.path()));
}

TEST_CASE("a worker that refuses, and one that fails") {
  const auto refused = Bench("echo 'gst-animate-1.0: no video' >&2; exit 4").planner.plan(kTask);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::InvalidArgument);
  CHECK(refused.error().message == "no video");
  CHECK(Bench("exit 1").planner.plan(kTask).error().code == ErrorCode::Internal);
}

TEST_CASE("a plan has its time, and ends with the service") {
  const Bench slow("exec sleep 60", std::chrono::seconds(1));
  CHECK(slow.planner.plan(kTask).error().code == ErrorCode::LimitExceeded);
  Bench stopped("exec sleep 60");
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stopped.planner.stop();
  });
  int asked = 0;
  CHECK(Bench("exec sleep 60").planner.plan(kTask, [&] { return ++asked > 2; }).error().message ==
        "the client has left");
  CHECK(stopped.planner.plan(kTask).error().message == "the service is being stopped");
  stopper.join();
}
