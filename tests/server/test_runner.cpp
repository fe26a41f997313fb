// SPDX-License-Identifier: LGPL-2.1-or-later
// The runner with workers that are shell scripts.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "gst/core/store/digest.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/runner.h"
#include "running_task.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;
using service::TaskState;

namespace {

/// A store, and a runner whose worker is `script`; "$5" is the task's file, behind --task-id and
/// --journal.
struct Bench {
  explicit Bench(const std::string& script, std::size_t workers = 1)
      : store(std::move(*TaskStore::open(folder.text()))),
        messages(std::move(*MessageStore::open(folder.text()))) {
    std::ofstream(folder.text() + "/worker") << "#!/bin/sh\nROOT=" << folder.text() << "\n"
                                             << script;
    chmod((folder.text() + "/worker").c_str(), 0755);
    std::filesystem::create_directory(folder.text() + "/work");
    settings.command = {folder.text() + "/worker"};
    settings.folder = folder.text() + "/work";
    settings.storage_root = folder.text();
    settings.workers = workers;
    settings.lock = 0;
  }

  void add(const std::string& id) {
    REQUIRE(*store.add(running_task::entry(id), id, 1000) == Added::New);
  }

  // Runs until `condition`, then stops.
  template <class Condition>
  void run_until(Condition condition) {
    Runner runner(settings, store, metrics, [this] { ++ends; });
    REQUIRE(runner.recover().ok());
    std::thread watching([&] {
      for (int i = 0; i < 2000 && !condition(runner); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      runner.stop();
    });
    runner.run();
    watching.join();
  }
  void run_until_ended(int count) {
    run_until([&](Runner&) { return ends >= count; });
  }

  service::TaskEntry task(const std::string& id) { return **store.task("p", id); }

  TemporaryFolder folder;
  TaskStore store;
  MessageStore messages;
  Metrics metrics;
  RunnerSettings settings;
  std::atomic<int> ends{0};
};

// Of a task with its one output, "gif".
std::string journal() {
  OutputResult output;
  output.uri = "oss://b/2024.gif";
  output.frame_count = 1;
  output.md5 = hex(md5("gif"));
  output.bytes = 3;
  TaskResult result;
  result.outputs = {output};
  return result_json(result);
}

std::string succeeding() {
  return "echo '" + result_json({}) + "'\n";
}

}  // namespace

TEST_CASE("a worker gets the task with its time, and what it says is kept") {
  Bench bench("cp \"$5\" $ROOT/given\n" + succeeding());
  bench.add("T-1");
  bench.run_until_ended(1);
  CHECK(bench.task("T-1").state == TaskState::Succeeded);
  CHECK(bench.messages.due(now(), 9)->size() == 2);
  const auto given = nlohmann::json::parse(std::ifstream(bench.folder.text() + "/given"));
  CHECK_FALSE(given.contains("Notification"));
  CHECK(given.at("Targets")[0].at("Image").at("Animations")[0].at("URI") == "oss://b/2024.gif");
  CHECK(std::filesystem::is_empty(bench.settings.folder));
}

TEST_CASE("a bounded number at once, all of them in the end") {
  Bench bench(
      "mkdir $ROOT/at.$$; ls -d $ROOT/at.* | wc -l >> $ROOT/counts; sleep 0.05; rmdir "
      "$ROOT/at.$$\n" +
          succeeding(),
      3);
  for (int i = 0; i < 12; ++i) bench.add("T-" + std::to_string(i));
  bench.run_until_ended(12);
  std::ifstream counts(bench.folder.text() + "/counts");
  int lines = 0;
  for (int count = 0; counts >> count; ++lines) CHECK(count <= 3);
  CHECK(lines == 12);
  for (int i = 0; i < 12; ++i) {
    CHECK(bench.task("T-" + std::to_string(i)).state == TaskState::Succeeded);
  }
}

TEST_CASE("a worker that crashes, says nothing or takes too long fails its task alone") {
  Bench bench("case $5 in *T-1*) kill -SEGV $$ ;; *T-2*) exit 0 ;; *T-3*) sleep 60 ;; esac\n" +
              succeeding());
  bench.settings.limits.wall = std::chrono::seconds(1);
  for (const char* id : {"T-1", "T-2", "T-3", "T-4"}) bench.add(id);
  bench.run_until_ended(4);
  CHECK(bench.task("T-1").code == "InternalError");
  CHECK(bench.task("T-1").message.find("signal 11") != std::string::npos);
  CHECK(bench.task("T-2").message == "the worker ended without a result");
  CHECK(bench.task("T-3").code == "LimitExceeded");
  CHECK(bench.task("T-4").state == TaskState::Succeeded);
}

TEST_CASE("progress is known while a task runs") {
  Bench bench("echo '40 % (2 of 5 frames)' >&2; while [ ! -e $ROOT/go ]; do sleep 0.02; done\n" +
              succeeding());
  bench.add("T-1");
  bench.run_until([&](Runner& runner) {
    if (runner.progress(1) == 40) {
      CHECK(runner.running() == 1);
      std::ofstream(bench.folder.text() + "/go") << "";
    }
    return bench.ends == 1;
  });
  CHECK(bench.task("T-1").state == TaskState::Succeeded);
}

TEST_CASE("an end that the store does not take is kept until it does") {
  Bench bench("touch $ROOT/runs; while [ ! -e $ROOT/go ]; do sleep 0.02; done\n" + succeeding());
  bench.add("T-1");
  bench.add("T-2");
  bench.add("T-3");
  // Writing fails as on a full disk.
  Database database = std::move(*Database::open(bench.folder.text() + "/tasks.db"));
  const char* const kFull =
      "CREATE TRIGGER full BEFORE UPDATE ON tasks WHEN new.state = 2 "
      "BEGIN SELECT raise(ABORT, 'full'); END";
  int step = 0;
  const auto began = now();
  bench.run_until([&](Runner&) {
    if (step == 0 && std::filesystem::exists(bench.folder.text() + "/runs")) {
      REQUIRE(database.execute(kFull).ok());
      std::ofstream(bench.folder.text() + "/go") << "";
      step = 1;
    }
    if (step == 1 && now() - began > std::chrono::seconds(1)) {
      CHECK(bench.ends == 0);
      CHECK(bench.task("T-3").state == TaskState::Queued);
      REQUIRE(database.execute("DROP TRIGGER full").ok());
      step = 2;
    }
    return bench.ends == 3;
  });
  for (const char* id : {"T-1", "T-2", "T-3"}) {
    CHECK(bench.task(id).state == TaskState::Succeeded);
    CHECK(bench.task(id).attempts == 1);
  }
  CHECK(bench.messages.due(now(), 9)->size() == 6);
}

TEST_CASE("stopped in the middle, a task waits for the next service") {
  Bench bench("touch $ROOT/runs; [ -e $ROOT/go ] || sleep 60\n" + succeeding());
  bench.settings.stop_time = std::chrono::seconds(0);
  bench.add("T-1");
  bench.run_until([&](Runner&) { return std::filesystem::exists(bench.folder.text() + "/runs"); });
  CHECK(bench.task("T-1").state == TaskState::Queued);
  CHECK(bench.ends == 0);
  std::ofstream(bench.folder.text() + "/go") << "";
  bench.run_until_ended(1);
  CHECK(bench.task("T-1").state == TaskState::Succeeded);
  CHECK(bench.task("T-1").attempts == 1);  // only what the service did not outlive counts
}

TEST_CASE("an end that the store did not take is found by the next service") {
  // The worker puts its output in its place, and has written down before what that is.
  Bench bench(
      "echo >> $ROOT/runs; mkdir -p $ROOT/b; printf gif > $ROOT/b/2024.gif\n"
      "cat > $4 <<END\n" +
      journal() + "\nEND\ncat $4\n");
  bench.add("T-1");
  Database database = std::move(*Database::open(bench.folder.text() + "/tasks.db"));
  REQUIRE(database
              .execute("CREATE TRIGGER full BEFORE UPDATE ON tasks WHEN new.state > 1 "
                       "BEGIN SELECT raise(ABORT, 'full'); END")
              .ok());
  bench.run_until([&](Runner& runner) {
    return std::filesystem::exists(bench.folder.text() + "/b/2024.gif") && runner.running() == 0;
  });
  CHECK(bench.task("T-1").state == TaskState::Running);
  REQUIRE(database.execute("DROP TRIGGER full").ok());
  std::ofstream(bench.settings.folder + "/T-0.json") << "of a task that has ended";
  Runner runner(bench.settings, bench.store, bench.metrics, [] {});
  REQUIRE(runner.recover().ok());
  CHECK(bench.task("T-1").state == TaskState::Succeeded);
  CHECK(std::filesystem::file_size(bench.folder.text() + "/runs") == 1);
  CHECK(std::filesystem::is_empty(bench.settings.folder));
}

TEST_CASE("a worker that cannot be started costs no task anything") {
  Bench bench(succeeding());
  const auto command = std::exchange(bench.settings.command, {bench.folder.text() + "/missing"});
  bench.add("T-1");
  const auto began = now();
  bench.run_until([&](Runner&) { return now() - began > std::chrono::seconds(3); });
  CHECK(bench.task("T-1").state == TaskState::Queued);
  CHECK(bench.task("T-1").attempts == 0);
  CHECK(std::filesystem::is_empty(bench.settings.folder));
  bench.settings.command = command;
  bench.run_until_ended(1);
  CHECK(bench.task("T-1").state == TaskState::Succeeded);
  CHECK(bench.task("T-1").attempts == 1);
}

TEST_CASE("out of time when the service is stopped is out of time") {
  Bench bench("trap '' TERM; touch $ROOT/runs; sleep 60\n");
  bench.settings.limits.wall = std::chrono::seconds(1);
  bench.settings.stop_time = std::chrono::seconds(0);
  bench.add("T-1");
  const auto began = now();
  bench.run_until([&](Runner&) { return now() - began > std::chrono::milliseconds(2500); });
  CHECK(bench.task("T-1").code == "LimitExceeded");
}

TEST_CASE("a worker that talks without end holds up no other") {
  Bench bench("case $5 in *T-1*) yes >&2 ;; *T-2*) yes ;; esac\n" + succeeding(), 3);
  bench.settings.limits.wall = std::chrono::seconds(6);
  for (const char* id : {"T-1", "T-2", "T-3"}) bench.add(id);
  bench.run_until_ended(3);
  CHECK(bench.task("T-1").code == "LimitExceeded");
  CHECK(bench.task("T-2").message == "the worker wrote more than any result has");
  CHECK(bench.task("T-3").state == TaskState::Succeeded);
}

TEST_CASE("a task whose service ended each time is given up in the end") {
  Bench bench(succeeding());
  bench.add("T-1");
  for (unsigned i = 1; i < Runner::kMaxAttempts; ++i) {
    REQUIRE(bench.store.claim()->has_value());
    Runner runner(bench.settings, bench.store, bench.metrics, [] {});
    REQUIRE(runner.recover().ok());
    CHECK(bench.task("T-1").state == TaskState::Queued);
  }
  REQUIRE(bench.store.claim()->has_value());
  Runner runner(bench.settings, bench.store, bench.metrics, [] {});
  REQUIRE(runner.recover().ok());
  CHECK(bench.task("T-1").state == TaskState::Failed);
  CHECK(bench.task("T-1").message == "the service ended 20 times while it ran the task");
  CHECK(bench.messages.due(now(), 9)->size() == 2);
}
