// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "gst/core/service/job_file.h"
#include "gst/core/task_file.h"
#include "gst/tools/server/job_folder.h"
#include "running_task.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;
namespace fs = std::filesystem;

namespace {

TaskResult ended(TaskCode code) {
  TaskResult out;
  out.code = code;
  out.message = "why";
  return out;
}

struct Bench {
  Bench() { REQUIRE(jobs.open().ok()); }

  [[nodiscard]] std::size_t tasks() const {
    return std::distance(fs::directory_iterator(jobs.tasks()), fs::directory_iterator());
  }

  [[nodiscard]] std::optional<TaskResult> close(const service::TaskEntry& one,
                                                TaskCode code) const {
    auto out = jobs.close(one, ended(code));
    REQUIRE(out.ok());
    return *out;
  }

  TemporaryFolder root;
  JobFolder jobs{root.text() + "/.jobs/key", root.text()};
  service::TaskEntry task = running_task::entry("MediaConvert-1");
};

}  // namespace

TEST_CASE("the key of a service's jobs stays") {
  const TemporaryFolder one;
  const TemporaryFolder other;
  const auto key = job_key(one.text());
  REQUIRE(key.ok());
  CHECK(key->size() == 12);
  CHECK(*job_key(one.text()) == *key);
  CHECK(*job_key(other.text()) != *key);
  std::ofstream(one.path() / "job-key") << "no";
  CHECK_FALSE(job_key(one.text()).ok());
}

TEST_CASE("a worker's log tells how far it is") {
  const TemporaryFolder folder;
  const std::string log = folder.text() + "/1_0.log";
  CHECK(progress_in(log) == 0);
  std::ofstream(log) << "10 % (1 of 10 frames)\n";
  CHECK(progress_in(log) == 10);
  std::ofstream(log, std::ios::app) << std::string(10000, 'x') << "\n20 % (2 of 10 frames)\n";
  CHECK(progress_in(log) == 20);
}

TEST_CASE("the folder is this user's alone") {
  const Bench bench;
  CHECK(fs::status(bench.root.path() / ".jobs").permissions() == fs::perms::owner_all);
}

TEST_CASE("a folder that others may write to, or that is a link, is refused") {
  const TemporaryFolder root;
  fs::create_directory(root.path() / ".jobs");
  const JobFolder jobs(root.text() + "/.jobs/key", root.text());
  fs::permissions(root.path() / ".jobs", fs::perms(0777));
  CHECK(jobs.open().error().message ==
        root.text() + "/.jobs must be a folder to which this user alone writes");
  fs::permissions(root.path() / ".jobs", fs::perms(0755));
  CHECK(jobs.open().ok());
  fs::rename(root.path() / ".jobs", root.path() / "theirs");
  fs::create_directory_symlink(root.path() / "theirs", root.path() / ".jobs");
  CHECK_FALSE(jobs.open().ok());
}

TEST_CASE("a result that is none is an error") {
  Bench bench;
  std::ofstream(bench.jobs.state() + "/MediaConvert-1.json") << "{";
  CHECK_FALSE(bench.jobs.close(bench.task, {}).ok());
}

TEST_CASE("a task is written down without its messages, until it has ended") {
  Bench bench;
  bench.task.number = 7;
  REQUIRE(bench.jobs.add(bench.task).ok());
  const auto text = read_small_file(bench.jobs.tasks() + "/7", 10000);
  REQUIRE(text.ok());
  const auto job = service::job_task(*text);
  REQUIRE(job.ok());
  CHECK(job->id == "MediaConvert-1");
  CHECK(job->definition.find("Notification") == std::string::npos);
  CHECK(job->definition.find("2024.gif") != std::string::npos);
  bench.jobs.remove(bench.task);
  CHECK(bench.tasks() == 0);
  bench.task.definition = "{";
  const Status status = bench.jobs.add(bench.task);
  CHECK_FALSE(status.ok());
  CHECK(bench.tasks() == 0);
}

TEST_CASE("the first result stays") {
  Bench bench;
  CHECK_FALSE(bench.jobs.has_worker("MediaConvert-1"));
  auto result = bench.close(bench.task, TaskCode::Cancelled);
  REQUIRE(result);
  CHECK(result->code == TaskCode::Cancelled);
  CHECK(result->message == "why");
  CHECK(bench.jobs.has_worker("MediaConvert-1"));
  CHECK(bench.jobs.ended() == std::set<std::string>{"MediaConvert-1"});
  result = bench.close(bench.task, TaskCode::InternalError);
  REQUIRE(result);
  CHECK(result->code == TaskCode::Cancelled);
}

TEST_CASE("a task at which a worker is has no end yet") {
  Bench bench;
  const tools::BatchState state(bench.jobs.state());
  {
    const auto lock = state.lock("MediaConvert-1");
    REQUIRE(lock.ok());
    CHECK(bench.jobs.has_worker("MediaConvert-1"));
    CHECK_FALSE(bench.jobs.has_result("MediaConvert-1"));
    CHECK_FALSE(bench.close(bench.task, TaskCode::Cancelled));
  }
  CHECK(bench.close(bench.task, TaskCode::Cancelled));
}

TEST_CASE("what a worker wrote down just before it was ended counts") {
  Bench bench;
  const tools::BatchState state(bench.jobs.state());
  REQUIRE(state.note_end("MediaConvert-1", result_json(ended(TaskCode::NoVideoStream))).ok());
  const auto result = bench.close(bench.task, TaskCode::InternalError);
  REQUIRE(result);
  CHECK(result->code == TaskCode::NoVideoStream);
}

TEST_CASE("old results go, but for those of tasks without an end") {
  Bench bench;
  REQUIRE(bench.jobs.add(bench.task).ok());
  auto other = running_task::entry("MediaConvert-2");
  const auto age = [&](const std::string& id) {
    fs::last_write_time(fs::path(bench.jobs.state()) / (id + ".json"),
                        fs::file_time_type::clock::now() - std::chrono::hours(2));
  };
  REQUIRE(bench.close(bench.task, TaskCode::Cancelled));
  REQUIRE(bench.close(other, TaskCode::Cancelled));
  const std::set<std::string> open = {"MediaConvert-1"};
  bench.jobs.remove_old(open);
  CHECK(bench.jobs.has_result("MediaConvert-2"));
  age("MediaConvert-1");
  age("MediaConvert-2");
  bench.jobs.remove_old(open);
  CHECK(bench.jobs.has_result("MediaConvert-1"));
  CHECK_FALSE(bench.jobs.has_result("MediaConvert-2"));
}

TEST_CASE("tasks that ended just before a service did have no file behind it") {
  Bench bench;
  for (const int number : {1, 2, 12}) {
    bench.task.number = number;
    REQUIRE(bench.jobs.add(bench.task).ok());
  }
  bench.jobs.keep_only({2});
  CHECK(bench.tasks() == 1);
  CHECK(fs::exists(bench.jobs.tasks() + "/2"));
}
