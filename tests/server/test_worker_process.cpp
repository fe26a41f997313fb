// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "gst/tools/server/worker_process.h"
#include "tests/support/temporary_folder.h"

using namespace anim::server;
using anim::service::WorkerLimits;

namespace {

WorkerProcess started(const std::string& script, const WorkerLimits& limits = {}, int lock = 0) {
  auto process = WorkerProcess::start({"sh", "-c", script}, limits, lock);
  REQUIRE(process.ok());
  return std::move(*process);
}

struct Told {
  WorkerEnd end;
  std::vector<std::string> lines;
};

// Reads it as the runner does, until it has ended.
Told ended(WorkerProcess& process) {
  Told out;
  const auto note = [&](const std::string& line) { out.lines.push_back(line); };
  while (true) {
    pollfd handles[] = {{process.end_handle(), POLLIN, 0},
                        {process.output_handle(), POLLIN, 0},
                        {process.error_handle(), POLLIN, 0}};
    REQUIRE(poll(handles, 3, 20'000) > 0);
    process.read(note);
    if (auto end = process.reap(note)) {
      out.end = *end;
      return out;
    }
  }
}

Told ran(const std::string& script, const WorkerLimits& limits = {}) {
  WorkerProcess process = started(script, limits);
  return ended(process);
}

}  // namespace

TEST_CASE("a worker's output, lines and exit status") {
  const Told told = ran("echo out; echo '1 % a' >&2; echo 'last' >&2; cat; exit 3");
  CHECK(told.end.report.output == "out\n");
  CHECK(told.lines == std::vector<std::string>{"1 % a", "last"});
  CHECK(told.end.report.last_complaint == "last");
  CHECK(told.end.report.exit_status == 3);
  CHECK_FALSE(told.end.report.signal);
}

TEST_CASE("a great deal of output is neither lost nor kept without bound") {
  CHECK(ran("head -c 1000000 /dev/zero | tr '\\0' x").end.report.output.size() == 1'000'000);
  const Told told = ran("head -c 9000000 /dev/zero; echo '{}'");
  CHECK(told.end.report.is_too_long);
  CHECK(told.end.report.output.empty());
  CHECK(ran("head -c 9000000 /dev/zero >&2").end.report.last_complaint.size() <= 4096);
}

TEST_CASE("one that closes its output and goes on does not keep us busy") {
  WorkerProcess process = started("exec >&- 2>&-; sleep 0.3");
  int looks = 0;
  const auto nothing = [](const std::string&) {};
  while (!process.reap(nothing)) {
    pollfd handles[] = {{process.end_handle(), POLLIN, 0},
                        {process.output_handle(), POLLIN, 0},
                        {process.error_handle(), POLLIN, 0}};
    poll(handles, 3, 20'000);
    process.read(nothing);
    ++looks;
  }
  CHECK(looks < 6);
}

TEST_CASE("what ends a worker") {
  CHECK(ran("kill -SEGV $$").end.report.signal == SIGSEGV);
  const Told busy = ran("while :; do :; done", {.cpu = std::chrono::seconds(1)});
  CHECK(busy.end.report.signal == SIGXCPU);
  CHECK(busy.end.cpu_seconds > 0.5);
  CHECK(busy.end.cpu_seconds < 5);
  CHECK(ran("head -c 200000000 /dev/zero | tail -c 150000000 | wc -c",
            {.memory = std::uint64_t{64} << 20})
            .end.report.output.find("150000000") == std::string::npos);
}

TEST_CASE("a program that cannot be run") {
  for (const char* program : {"/nonexistent", "no-such-program", "/dev/null"}) {
    const auto process = WorkerProcess::start({program}, {}, 0);
    REQUIRE_FALSE(process.ok());
    CHECK(process.error().message.starts_with(std::string("cannot start a worker: ") + program));
    CHECK_FALSE(check_program(program).ok());
  }
  CHECK(check_program("sh").ok());
  CHECK(check_program("/bin/sh").ok());
}

TEST_CASE("one that talks without end holds nobody up, and is ended") {
  const auto nothing = [](const std::string&) {};
  WorkerProcess errors = started("yes >&2");
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    pollfd handle{errors.error_handle(), POLLIN, 0};
    REQUIRE(poll(&handle, 1, 20'000) == 1);
    errors.read(nothing);
  }
  errors.kill();
  CHECK(ended(errors).end.report.last_complaint == "y");
  WorkerProcess output = started("yes");
  CHECK(ended(output).end.report.is_too_long);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
}

TEST_CASE("a worker has the signals and descriptors of any program") {
  // Whoever starts the test may have it ignore some: nohup, a shell in the background.
  for (const int number : {SIGHUP, SIGINT, SIGQUIT}) std::signal(number, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  CHECK(ran("yes | head -n 1 >/dev/null; grep SigIgn /proc/self/status | grep -c 0000000000000000; "
            "ulimit -Sn")
            .end.report.output == "1\n1024\n");
}

TEST_CASE("asked to end, it may; ended, all of it goes") {
  WorkerProcess polite = started("trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  polite.ask_to_end();
  CHECK(ended(polite).end.report.output == "bye\n");

  const TemporaryFolder folder;
  const std::string pid_file = folder.text() + "/pid";
  WorkerProcess stubborn =
      started("trap '' TERM; sleep 100 & echo $! > " + pid_file + "; echo there >&2; wait");
  pollfd handle{stubborn.error_handle(), POLLIN, 0};
  REQUIRE(poll(&handle, 1, 10'000) == 1);
  stubborn.ask_to_end();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK_FALSE(stubborn.reap([](const std::string&) {}));
  stubborn.kill();
  CHECK(ended(stubborn).end.report.signal == SIGKILL);
  int child = 0;
  std::ifstream(pid_file) >> child;
  REQUIRE(child > 0);
  bool is_gone = false;
  for (int i = 0; i < 100 && !is_gone; ++i) {
    std::ifstream status("/proc/" + std::to_string(child) + "/stat");
    std::string text;
    std::getline(status, text);
    is_gone = text.empty() || text.find(") Z") != std::string::npos;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(is_gone);
}

TEST_CASE("a worker has its three files and the lock, and nothing else") {
  const TemporaryFolder folder;
  const int lock = open((folder.text() + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const int other = open("/dev/null", O_RDONLY);  // not marked to be closed
  WorkerProcess process =
      started("readlink /proc/self/fd/3; ls /proc/self/fd | tr '\\n' ' '", {}, lock);
  const std::string output = ended(process).end.report.output;
  // The fourth is the folder that ls reads.
  CHECK(output == folder.text() + "/lock\n0 1 2 3 4 ");
  close(lock);
  close(other);
}

TEST_CASE("where memory runs short a worker is ended before the service") {
  CHECK(ran("cat /proc/self/oom_score_adj").end.report.output == "500\n");
}
