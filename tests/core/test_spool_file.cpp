// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "gst/core/spool_file.h"
#include "tests/support/temporary_folder.h"

using anim::SpoolFile;

TEST_CASE("what is appended and replaced is read back, and the folder stays empty") {
  const TemporaryFolder folder;
  {
    auto file = SpoolFile::create(folder.text(), "a thing");
    REQUIRE(file.ok());
    const std::vector<std::uint8_t> first = {1, 2, 3, 4};
    const std::vector<std::uint8_t> second = {5, 6};
    CHECK(file->append(first).ok());
    CHECK(file->append(second).ok());
    CHECK(file->size() == 6);
    CHECK(file->write_at(1, second).ok());
    CHECK(file->size() == 6);
    SpoolFile moved = std::move(*file);
    std::array<std::uint8_t, 6> back{};
    CHECK(moved.read_at(0, back).ok());
    CHECK(back == std::array<std::uint8_t, 6>{1, 5, 6, 4, 5, 6});
    CHECK(std::filesystem::is_empty(folder.path()));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("without a folder the system's serves") {
  CHECK(SpoolFile::create("", "a thing").ok());
}

TEST_CASE("a folder that is not there is an error with its name and what was to be kept") {
  const auto file = SpoolFile::create("/nowhere/at/all", "a thing");
  REQUIRE_FALSE(file.ok());
  CHECK(file.error().code == anim::ErrorCode::WriteFailed);
  CHECK(file.error().message.find("a thing in the folder \"/nowhere/at/all\"") !=
        std::string::npos);
}

TEST_CASE("a TMPDIR that is no folder is an error, and no file is made elsewhere") {
  const char* before = std::getenv("TMPDIR");
  const std::string old = before != nullptr ? before : "";
  setenv("TMPDIR", "/nowhere/at/all", 1);
  const auto file = SpoolFile::create("", "a thing");
  before != nullptr ? setenv("TMPDIR", old.c_str(), 1) : unsetenv("TMPDIR");
  REQUIRE_FALSE(file.ok());
  CHECK(file.error().code == anim::ErrorCode::WriteFailed);
  CHECK(file.error().message.find("a thing in the folder of temporary files that TMPDIR says") !=
        std::string::npos);
}

TEST_CASE("reading past the end and writing past what the system allows are errors") {
  auto file = SpoolFile::create("", "a thing");
  REQUIRE(file.ok());
  const std::vector<std::uint8_t> bytes(100);
  REQUIRE(file->append(bytes).ok());
  std::array<std::uint8_t, 60> back{};
  CHECK(file->read_at(50, back).error().code == anim::ErrorCode::ReadFailed);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{150, before.rlim_max};
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto refused = file->append(bytes);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == anim::ErrorCode::WriteFailed);
  CHECK(file->size() == 100);
}
