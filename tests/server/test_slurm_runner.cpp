// SPDX-License-Identifier: LGPL-2.1-or-later
// The runner beside a cluster whose programs are scripts. tests/pipelines/test_service_slurm.py has
// real ones.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "gst/tools/batch/batch_state.h"
#include "gst/tools/server/slurm_runner.h"
#include "running_task.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;
using service::TaskState;

namespace {

namespace fs = std::filesystem;

// Each program's folder is its "$0.d"; a job's line is in squeue.d, by its task's number.
constexpr const char* kSbatch = R"(
for word; do case $word in
  --test-only) [ ! -e "$0.d/refusal" ] || { cat "$0.d/refusal" >&2; exit 1; }; exit 0;;
  --job-name=*) name=${word#*=};;
esac; done
[ ! -e "$0.d/later" ] || { cat "$0.d/later" >&2; exit 1; }
touch "$0.d/calls"
number=$(($(wc -l < "$0.d/calls") + 1))
echo "$number|0|PENDING|$name|None" > "${0%sbatch}squeue.d/${name##*-}"
echo "$name" >> "$0.d/calls"  # last: tests wait for it
echo "$number")";
constexpr const char* kSqueue = R"(cat "$0.d"/* 2> /dev/null; exit 0)";
constexpr const char* kScancel = R"(echo "$*" >> "$0.d/calls")";
constexpr const char* kNothing = "exit 0";

struct Bench {
  Bench()
      : store(std::move(*TaskStore::open(folder.text()))),
        messages(std::move(*MessageStore::open(folder.text()))),
        path(std::getenv("PATH")) {
    program("scontrol", "echo 'MaxArraySize = 1000'");
    program("sbatch", kSbatch);
    program("squeue", kSqueue);
    program("scancel", kScancel);
    program("sacct", kNothing);
    setenv("PATH", (folder.text() + ":" + path).c_str(), 1);
    settings.worker = {"worker"};
    settings.key = "k";
    settings.folder = folder.text() + "/jobs/k";
    settings.storage_root = folder.text();
    settings.look = std::chrono::milliseconds(10);
    settings.retries = 1;
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() { setenv("PATH", path.c_str(), 1); }

  void program(const std::string& name, const std::string& script) const {
    std::ofstream(folder.path() / name) << "#!/bin/sh\n" << script << "\n";
    chmod((folder.path() / name).c_str(), 0755);
    fs::create_directory(folder.path() / (name + ".d"));
  }
  // At once: the programs may be reading it.
  void write(const std::string& name, const std::string& text) const {
    const fs::path unseen = folder.path() / "unseen";
    std::ofstream(unseen) << text;
    fs::rename(unseen, folder.path() / name);
  }
  [[nodiscard]] std::string calls(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(folder.path() / (name + ".d/calls")).rdbuf();
    return out.str();
  }
  // As Slurm has it from now on; "" is a job that it does not know.
  void set_job(int job, const std::string& state) const {
    const std::string line = std::to_string(job) + "|0|" + state + "|anim-k-1|None\n";
    write("squeue.d/1", state.empty() ? "" : line);
  }

  void add() { REQUIRE(*store.add(running_task::entry("a"), "a", 1000) == Added::New); }
  [[nodiscard]] tools::BatchState state() const {
    return tools::BatchState(settings.folder + "/state");
  }
  void note_result() const { REQUIRE(state().note_result("a", result_json({})).ok()); }
  [[nodiscard]] service::TaskEntry task() { return **store.task("p", "a"); }

  // Runs until `condition`, which may also do things, then stops.
  template <class Condition>
  void run_until(Condition condition) {
    run_runner_until([&](const SlurmRunner& /*runner*/) { return condition(); });
  }
  template <class Condition>
  void run_runner_until(Condition condition) {
    SlurmRunner runner(settings, store, metrics, [this] { ++ends; });
    REQUIRE(runner.recover().ok());
    bool is_so = false;
    std::thread watching([&] {
      for (int i = 0; i < 2000 && !is_so; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        is_so = condition(runner);
      }
      runner.stop();
    });
    runner.run();
    watching.join();
    CHECK(is_so);
  }
  void run_until_ended() {
    run_until([&] { return ends > 0; });
  }
  void run_until_submitted() {
    run_until([&] { return !calls("sbatch").empty(); });
  }

  TemporaryFolder folder;
  TaskStore store;
  MessageStore messages;
  Metrics metrics;
  SlurmRunnerSettings settings;
  std::string path;
  std::atomic<int> ends{0};
};

}  // namespace

TEST_CASE("a task is a job, and its result the task's end") {
  Bench bench;
  bench.add();
  bench.run_until_submitted();
  CHECK(bench.task().state == TaskState::Running);
  bench.note_result();
  bench.set_job(1, "COMPLETED");
  bench.run_until_ended();
  CHECK(bench.task().state == TaskState::Succeeded);
  CHECK(bench.calls("sbatch") == "anim-k-1\n");
  CHECK(fs::is_empty(bench.settings.folder + "/tasks"));
}

TEST_CASE("a task is as far as its job's log says") {
  Bench bench;
  bench.add();
  bench.run_until_submitted();
  bench.set_job(1, "RUNNING");
  CHECK(SlurmRunner(bench.settings, bench.store, bench.metrics, [] {}).progress(1) == 0);
  bench.write("jobs/k/logs/1_0.log", "40 % (4 of 10 frames)\n");
  bench.run_runner_until([](const SlurmRunner& runner) { return runner.progress(1) == 40; });
}

TEST_CASE("a job that comes to nothing is followed by others, as often as is said") {
  Bench bench;
  bench.add();
  std::string calls;
  bench.run_until([&] {
    if (bench.calls("sbatch") != calls) {
      calls = bench.calls("sbatch");
      bench.set_job(calls == "anim-k-1\n" ? 1 : 2, "FAILED");
    }
    return bench.ends > 0;
  });
  CHECK(bench.task().code == "InternalError");
  CHECK(bench.calls("sbatch") == "anim-k-1\nanim-k-1\n");
}

TEST_CASE("a job that somebody cancels while it waits ends its task") {
  Bench bench;
  bench.add();
  bench.run_until_submitted();
  bench.run_until([&] {
    bench.write("squeue.d/1", "1|N/A|CANCELLED|anim-k-1|None\n");  // what Slurm keeps of it
    return bench.ends > 0;
  });
  CHECK(bench.task().code == "Cancelled");
}

TEST_CASE("what sbatch never takes keeps the service from starting") {
  Bench bench;
  bench.write("sbatch.d/refusal", "sbatch: error: no such partition\nInvalid partition\n");
  SlurmRunner runner(bench.settings, bench.store, bench.metrics, [] {});
  CHECK(runner.recover().error().message ==
        "the cluster takes no such jobs: sbatch: sbatch: error: no such partition; Invalid "
        "partition");
  SUBCASE("but not when nodes are down") {
    bench.write("sbatch.d/refusal", "Requested node configuration is not available\n");
    CHECK(runner.recover().ok());
  }
  SUBCASE("nor while there are jobs") {
    bench.write("squeue.d/1", "1|0|RUNNING|anim-k-1|None\n");
    bench.add();
    REQUIRE(bench.store.claim().ok());
    CHECK(runner.recover().ok());
  }
}

TEST_CASE("a job that is refused for now is submitted later") {
  Bench bench;
  bench.add();
  bench.write("sbatch.d/later", "too many\n");
  int looks = 0;
  bench.run_until([&] {
    if (++looks == 20) fs::remove(bench.folder.path() / "sbatch.d/later");
    return !bench.calls("sbatch").empty();
  });
  CHECK(looks >= 20);
}

TEST_CASE("a task whose worker goes on behind its job has no end before that") {
  Bench bench;
  bench.add();
  bench.settings.retries = 0;
  bench.run_until_submitted();
  const auto lock = bench.state().lock("a");
  REQUIRE(lock.ok());
  int looks = 0;
  bench.run_until([&] {
    if (++looks == 1) bench.set_job(1, "FAILED");
    if (looks == 30) {
      CHECK(bench.ends == 0);
      bench.note_result();
    }
    return bench.ends > 0;
  });
  CHECK(bench.task().state == TaskState::Succeeded);
}

TEST_CASE("the job of a task that had its result at the start is cancelled") {
  Bench bench;
  bench.add();
  bench.run_until_submitted();
  bench.note_result();
  bench.run_until([&] { return !bench.calls("scancel").empty(); });
  CHECK(bench.ends == 1);
  CHECK(bench.calls("scancel") == "--quiet 1_0\n");
}

TEST_CASE("a task that ran and has no file gets one, and a job") {
  Bench bench;
  bench.add();
  REQUIRE(bench.store.claim().ok());
  bench.run_until_submitted();
  CHECK(fs::exists(bench.settings.folder + "/tasks/1"));
}
