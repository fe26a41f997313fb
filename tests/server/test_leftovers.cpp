// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/store/digest.h"
#include "gst/tools/server/leftovers.h"
#include "running_task.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;

TEST_CASE("a task's own temporaries go, wherever its outputs are") {
  const TemporaryFolder root;
  service::TaskEntry task = running_task::entry("T-1");
  task.definition =
      R"({"ProjectName":"p","Sources":[{"URI":"oss://b/v/a.mp4"}],"Targets":[{"Image":)"
      R"({"Animations":[{"Format":"gif","URI":"oss://b/{t_year}/{barename}/{index}.gif"},)"
      R"({"Format":"gif","URI":"oss://c/x.gif"},)"
      R"({"Format":"gif","URI":"oss://d/{year}.gif"}]}}]})";
  const auto make = [&](const std::string& name) {
    const auto path = root.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "x";
    return path;
  };
  const auto first = make("b/2024/a/.animtask-T-1-0123456789abcdef.part");
  const auto second = make("c/.animtask-T-1-0123456789abcdef.part");
  const auto anothers = make("c/.animtask-T-11-0123456789abcdef.part");
  const auto output = make("c/x.gif");
  const auto unknown = make("d/.animtask-T-1-0123456789abcdef.part");
  remove_leftovers(task, root.text());
  CHECK_FALSE(std::filesystem::exists(first));
  CHECK_FALSE(std::filesystem::exists(second));
  CHECK(std::filesystem::exists(anothers));
  CHECK(std::filesystem::exists(output));
  CHECK(std::filesystem::exists(unknown));  // only the video's time tells
}

TEST_CASE("outputs that were on their way are put in their places") {
  const TemporaryFolder root;
  const service::TaskEntry task = running_task::entry("T-1");
  std::filesystem::create_directory(root.path() / "b");
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(root.path() / name) << text;
  };
  TaskResult result;
  result.decoded_frames = 7;
  for (const char* name : {"1", "2"}) {
    OutputResult output;
    output.uri = std::string("oss://b/") + name + ".gif";
    output.bytes = 5;
    output.md5 = hex(md5(std::string("text") + name));
    result.outputs.push_back(output);
  }
  const Workplace place{root.text(), root.text() + "/journal"};
  const auto is_there = [&](const char* name) {
    return std::filesystem::exists(root.path() / name);
  };
  write("b/1.gif", "text1");
  write("b/.animtask-T-1-0123456789abcdef.part", "text2");
  SUBCASE("without a journal it is not known") {
    CHECK_FALSE(finish_publishing(task, place));
  }
  SUBCASE("one was there, the other not yet") {
    write("journal", result_json(result));
    const auto finished = finish_publishing(task, place);
    REQUIRE(finished);
    CHECK(finished->code == TaskCode::None);
    CHECK(finished->decoded_frames == 7);
    CHECK(is_there("b/2.gif"));
    CHECK_FALSE(is_there("b/.animtask-T-1-0123456789abcdef.part"));
    CHECK(finish_publishing(task, place));  // once more changes nothing
  }
  SUBCASE("another file is there") {
    write("journal", result_json(result));
    write("b/1.gif", "other");
    CHECK_FALSE(finish_publishing(task, place));
  }
  SUBCASE("half a journal") {
    write("journal", result_json(result).substr(0, 100));
    CHECK_FALSE(finish_publishing(task, place));
  }
}
