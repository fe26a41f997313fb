// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/tools/server/clock.h"
#include "gst/tools/server/runner.h"
#include "gst/tools/server/task_intake.h"
#include "running_task.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;
using service::ApiError;
using service::TaskEntry;

namespace {

struct Bench {
  Bench() { REQUIRE(*store.add_project({"p", "", now()}, 9)); }

  static IntakeSettings settings() {
    IntakeSettings out;
    out.limits.schemes = {"oss", "http"};
    out.queue = 2;
    return out;
  }
  // The name of the refusal's code; "" when it was taken.
  std::string take(const std::string& definition, const std::string& mark) {
    const auto taken = intake.take(definition, {mark, "R"});
    const auto* error = std::get_if<ApiError>(&taken);
    return error != nullptr ? std::string(name_of(error->code).name) : std::string();
  }

  TemporaryFolder folder;
  TaskStore store = std::move(*TaskStore::open(folder.text()));
  Metrics metrics;
  Runner runner{RunnerSettings{}, store, metrics, [] {}};
  TaskIntake intake{settings(), store, runner};
};

const std::string kTask = running_task::entry("").definition;

}  // namespace

TEST_CASE("a task that is taken waits, with all that it says") {
  Bench bench;
  const auto taken = bench.intake.take(kTask, {"m", "R-1"});
  REQUIRE(std::holds_alternative<TaskEntry>(taken));
  const auto& task = std::get<TaskEntry>(taken);
  CHECK(task.id.starts_with("MediaConvert-"));
  const auto stored = *bench.store.task("p", task.id);
  REQUIRE(stored);
  CHECK(stored->state == service::TaskState::Queued);
  CHECK(stored->user_data == "u");
  CHECK(stored->definition == kTask);
  CHECK(stored->event_id == task.event_id);
  CHECK(stored->request_id == "R-1");
}

TEST_CASE("what is not taken") {
  Bench bench;
  CHECK(bench.take("{", "a") == "InvalidArgument");
  CHECK(bench.take(std::string(kTask).replace(kTask.find("\"p\""), 3, "\"q\""), "a") ==
        "ResourceNotFound");
  CHECK(bench.take(std::string(kTask).replace(kTask.find("oss://b/a.mp4"), 3, "file"), "a") ==
        "InvalidArgument");
  CHECK(*bench.store.queued() == 0);
  CHECK(bench.take(kTask, "a") == "");
  CHECK(bench.take(kTask, "a") == "SignatureNonceUsed");
  CHECK(bench.take(kTask, "b") == "");
  CHECK(bench.take(kTask, "c") == "Throttling");
}
