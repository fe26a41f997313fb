// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

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
