// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/tools/server/options.h"

using namespace anim::server;

namespace {

std::string refusal(std::vector<std::string> arguments) {
  const auto options = parse_options(arguments);
  return options ? std::string() : options.error().message;
}

}  // namespace

TEST_CASE("options, with '=' or without") {
  const auto options = parse_options({"--storage-root",
                                      "/r",
                                      "--state=/s",
                                      "--keys=k=1",
                                      "--listen",
                                      "[::1]:0",
                                      "--workers",
                                      "3",
                                      "--queue=5",
                                      "--task-memory",
                                      "256",
                                      "--task-cpu=7",
                                      "--idle-time",
                                      "4",
                                      "--task-time",
                                      "9",
                                      "--stop-time",
                                      "0",
                                      "--project",
                                      "a",
                                      "--project",
                                      "b",
                                      "--allowed-schemes",
                                      "oss,https"});
  REQUIRE(options.ok());
  CHECK(options->storage_root == "/r");
  CHECK(options->state == "/s");
  CHECK(options->keys_file == "k=1");
  CHECK(options->listen.host == "::1");
  CHECK(options->listen.port == 0);
  CHECK(options->http.idle == std::chrono::seconds(4));
  CHECK(options->runner.workers == 3);
  CHECK(options->service.intake.queue == 5);
  CHECK(options->runner.limits.memory == std::uint64_t{256} << 20);
  CHECK(options->runner.limits.cpu == std::chrono::seconds(7));
  CHECK(options->runner.limits.wall == std::chrono::seconds(9));
  CHECK(options->service.bucket_project == "a");
  CHECK(options->projects == std::vector<std::string>{"a", "b"});
  CHECK(options->service.intake.limits.schemes == std::vector<std::string>{"oss", "https"});
}

TEST_CASE("jobs of a cluster") {
  const auto options = parse_options(
      {"--storage-root", "/r", "--keys", "k", "--sbatch=--partition=a", "--sbatch", "--nice",
       "--jobs", "7", "--retries=0", "--task-start=9", "--runner=slurm", "--state=/s"});
  REQUIRE(options.ok());
  CHECK(options->kind == RunnerKind::Slurm);
  CHECK(options->slurm.sbatch == std::vector<std::string>{"--partition=a", "--nice"});
  CHECK(options->slurm.jobs == 7);
  CHECK(options->slurm.retries == 0);
  CHECK(options->slurm.start.count() == 9);
}

TEST_CASE("what is not said: loopback and buckets alone") {
  const auto options = parse_options({"--storage-root", "/r", "--keys", "k"});
  REQUIRE(options.ok());
  CHECK(options->listen.host == "127.0.0.1");
  CHECK(options->service.intake.limits.schemes == std::vector<std::string>{"oss"});
  CHECK(options->runner.workers >= 1);
}

TEST_CASE("refusals name the option") {
  CHECK(refusal({}) == "--storage-root: is needed; see --help");
  CHECK(refusal({"--storage-root", "/r"}) == "--keys: is needed; see --help");
  CHECK(refusal({"--keys"}) == "--keys: needs a value; see --help");
  CHECK(refusal({"--workres", "2"}) == "\"--workres\": is no option; see --help");
  CHECK(refusal({"--workers", "0"}) ==
        "--workers: \"0\" is no whole number from 1 to 1024; see --help");
  CHECK(refusal({"--project", "1a"}) ==
        "--project: \"1a\" must have 1 to 128 letters, digits, - and _, and begin with a letter; "
        "see --help");
  CHECK(refusal({"--task-memory", "255"}) ==
        "--task-memory: \"255\" is no whole number from 256 to 16777216; see --help");
  CHECK(refusal({"--task-time", "1s"}).starts_with("--task-time: \"1s\" is no whole number"));
  CHECK(refusal({"--listen", "localhost:80"})
            .starts_with("--listen: \"localhost:80\" is no address"));
  CHECK(refusal({"--allowed-schemes", "ftp"}).starts_with("--allowed-schemes: "));
  CHECK(refusal({"--runner", "pbs"}) == "--runner: \"pbs\" is not one of local, slurm; see --help");
  const std::vector<std::string> whole = {"--storage-root", "/r", "--keys", "k"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), whole.begin(), whole.end());
    return refusal(more);
  };
  CHECK(with({"--runner", "slurm", "--sbatch=--array=1"}) ==
        "--sbatch: \"--array=1\" is the service's to say; see --help");
  CHECK(with({"--sbatch", "--hold"}) == "--sbatch: goes with --runner slurm; see --help");
  CHECK(with({"--runner", "slurm", "--workers", "2"}) ==
        "--workers: goes with --runner local; see --help");
  CHECK(with({"--runner", "slurm"}) ==
        "--state: is needed with --runner slurm, on a disk of this machine alone; see --help");
}

TEST_CASE("the docs name every option of the help") {
  std::ifstream file(std::string(std::getenv("ANIM_EXAMPLES")) + "/../docs/service.md");
  std::stringstream page;
  page << file.rdbuf();
  int count = 0;
  std::istringstream lines(help());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  --")) continue;
    const std::string name = line.substr(2, line.find(' ', 2) - 2);
    CAPTURE(name);
    const bool is_usual = name == "--help" || name == "--version";
    CHECK((is_usual || page.str().find("\n| `" + name + " ") != std::string::npos));
    ++count;
  }
  CHECK(count >= 15);
  CHECK(parse_options({"--help"})->wish == Options::Wish::Help);
  CHECK(parse_options({"--version"})->wish == Options::Wish::Version);
}
