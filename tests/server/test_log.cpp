// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "gst/tools/server/log.h"
#include "tests/support/temporary_folder.h"

using namespace anim::server;

TEST_CASE("a line is one JSON object, whatever is in it") {
  const TemporaryFolder folder;
  const std::string file = folder.text() + "/log";
  const int stderr_before = dup(STDERR_FILENO);
  const int out = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  dup2(out, STDERR_FILENO);
  log(LogLevel::Warning, "call", {{"text", "a\n\"b\xff"}, {"number", 7}});
  log(LogLevel::Info, "bare");
  dup2(stderr_before, STDERR_FILENO);
  close(stderr_before);
  close(out);
  std::ifstream in(file);
  std::string line;
  REQUIRE(std::getline(in, line));
  const auto first = nlohmann::json::parse(line);
  CHECK(first.at("level") == "warning");
  CHECK(first.at("event") == "call");
  CHECK(first.at("text") == "a\n\"b\uFFFD");
  CHECK(first.at("number") == 7);
  CHECK(first.at("time").get<std::string>().ends_with("Z"));
  REQUIRE(std::getline(in, line));
  CHECK(nlohmann::json::parse(line).size() == 3);
  CHECK_FALSE(std::getline(in, line));
}
