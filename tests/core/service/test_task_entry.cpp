// SPDX-License-Identifier: LGPL-2.1-or-later
#include <nlohmann/json.hpp>

#include <doctest/doctest.h>

#include "gst/core/service/task_entry.h"

using namespace anim;
using namespace anim::service;
using Json = nlohmann::json;

namespace {

TaskEntry entry() {
  TaskEntry task;
  task.number = 7;
  task.id = "MediaConvert-1";
  task.event_id = "E-1";
  task.project = "p";
  task.created = Moment(1724137387360);
  task.user_data = "u";
  task.tags = {{"a", "b"}};
  task.definition = R"({"ProjectName":"p"})";
  task.progress = 40;
  return task;
}

}  // namespace

TEST_CASE("what CreateMediaConvertTask answers") {
  CHECK(created_json(entry(), "R-1") ==
        R"({"RequestId":"R-1","EventId":"E-1","TaskId":"MediaConvert-1"})");
}

TEST_CASE("a task that runs") {
  TaskEntry task = entry();
  for (const TaskState state : {TaskState::Queued, TaskState::Running}) {
    task.state = state;
    const Json json = Json::parse(task_json(task, false, "R-1"));
    CHECK(json.at("RequestId") == "R-1");
    CHECK(json.at("TaskId") == "MediaConvert-1");
    CHECK(json.at("TaskType") == "MediaConvert");
    CHECK(json.at("ProjectName") == "p");
    CHECK(json.at("EventId") == "E-1");
    CHECK(json.at("Status") == "Running");
    CHECK(json.at("StartTime") == "2024-08-20T07:03:07.360Z");
    CHECK(json.at("Progress") == 40);
    CHECK(json.at("Tags").at("a") == "b");
    CHECK(json.at("UserData") == "u");
    CHECK_FALSE(json.contains("EndTime"));
    CHECK_FALSE(json.contains("TaskRequestDefinition"));
  }
}

TEST_CASE("a task that has ended, with its definition as a text") {
  TaskEntry task = entry();
  task.state = TaskState::Failed;
  task.ended = Moment(1724137388570);
  task.code = "DiskFull";
  task.message = "no space";
  const Json json = Json::parse(task_json(task, true, "R-1"));
  CHECK(json.at("Status") == "Failed");
  CHECK(json.at("EndTime") == "2024-08-20T07:03:08.570Z");
  CHECK(json.at("Code") == "DiskFull");
  CHECK(json.at("Message") == "no space");
  CHECK(json.at("TaskRequestDefinition") == R"({"ProjectName":"p"})");
  task.state = TaskState::Succeeded;
  CHECK(Json::parse(task_json(task, true, "R-1")).at("Progress") == 100);
}

TEST_CASE("lists") {
  const Json last = Json::parse(tasks_json({{entry()}, ""}, "p", 100, false, "R-1"));
  CHECK(last.at("Tasks").size() == 1);
  CHECK(last.at("MaxResults") == "100");
  CHECK_FALSE(last.contains("NextToken"));
  CHECK(Json::parse(tasks_json({{}, "t"}, "p", 1, false, "R")).at("NextToken") == "t");
  const Project project{.name = "p", .description = "d", .created = Moment(0)};
  CHECK(Json::parse(project_json(project, "R")).at("Project").at("ProjectName") == "p");
  const Json projects = Json::parse(projects_json({{project, project}}, "p", 2, "R"));
  CHECK(projects.at("Projects").size() == 2);
  CHECK(projects.at("NextToken") == "p");
}

TEST_CASE("names of projects") {
  CHECK(is_project_name("test-project_1"));
  CHECK(is_project_name(std::string(128, 'a')));
  for (const std::string& name :
       {std::string(), std::string("1a"), std::string("-a"), std::string("a b"), std::string("a/b"),
        std::string("é"), std::string(129, 'a')}) {
    CAPTURE(name);
    CHECK_FALSE(is_project_name(name));
  }
}
