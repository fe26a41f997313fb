// SPDX-License-Identifier: LGPL-2.1-or-later
#include <nlohmann/json.hpp>
#include <string>

#include <doctest/doctest.h>

#include "gst/tools/server/task_end.h"
#include "running_task.h"

using namespace anim;
using namespace anim::server;
using Json = nlohmann::json;

TEST_CASE("the end of a task has a message for each channel, both the same") {
  TaskResult result;
  OutputResult output;
  output.uri = "oss://b/2024.gif";
  result.outputs.push_back(output);
  const TaskEnd end = task_end(running_task::entry("T-1"), result, Moment(1'724'137'388'000));
  CHECK(end.state == service::TaskState::Succeeded);
  CHECK(end.code.empty());
  CHECK(end.time == Moment(1'724'137'388'000));
  REQUIRE(end.messages.size() == 2);
  CHECK(end.messages[0].channel == OutgoingMessage::Channel::Topic);
  CHECK(end.messages[0].target == "t");
  CHECK(end.messages[0].name == "1724137388000-T-1");
  CHECK(end.messages[1].target == "http://h/x");
  CHECK(end.messages[0].json == end.messages[1].json);
  const Json envelope = Json::parse(end.messages[0].json);
  CHECK(envelope.at("id") == "E-T-1");
  const Json content = Json::parse(envelope.at("content").get<std::string>());
  CHECK(content.at("TaskId") == "T-1");
  CHECK(content.at("RequestId") == "R-T-1");
  CHECK(content.at("UserData") == "u");
  CHECK(content.at("StartTime") == "2024-08-20T07:03:07.360Z");
  CHECK(content.at("Targets")[0].at("Image").at("Animations")[0].at("URI") == "oss://b/2024.gif");
}

TEST_CASE("a task that failed tells why") {
  TaskResult result;
  result.code = TaskCode::DiskFull;
  result.message = "no space";
  const TaskEnd end = task_end(running_task::entry("T-1"), result, Moment(0));
  CHECK(end.state == service::TaskState::Failed);
  CHECK(end.code == "DiskFull");
  CHECK(end.message == "no space");
  CHECK(end.messages[0].json.find("DiskFull") != std::string::npos);
}

TEST_CASE("nobody is told who did not ask") {
  service::TaskEntry task = running_task::entry("T-1");
  task.definition.replace(task.definition.find("\"Notification\""), 14, "\"CredentialConfig\"");
  CHECK(task_end(task, {}, Moment(0)).messages.empty());
}

TEST_CASE("a worker's message has a bound, at a whole character") {
  TaskResult result;
  result.code = TaskCode::InternalError;
  for (int i = 0; i < 100'000; ++i) result.message += "é";
  result.message.insert(0, "a");
  const TaskEnd end = task_end(running_task::entry("T-1"), result, Moment(1));
  CHECK(end.message.size() < 4200);
  CHECK(end.message.ends_with("é…"));
}
