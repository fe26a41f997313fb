// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/task_entry.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace anim::service {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kAllPercent = 100;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json info_of(const TaskEntry& task, bool with_definition) {
  Json out;
  out["TaskId"] = task.id;
  out["TaskType"] = "MediaConvert";
  out["Status"] = status_text(task.state);
  out["StartTime"] = iso_time(task.created);
  if (task.ended) out["EndTime"] = iso_time(*task.ended);
  out["Code"] = task.code;
  out["Message"] = task.message;
  out["Progress"] = task.state == TaskState::Succeeded ? kAllPercent : task.progress;
  out["Tags"] = Json::object();
  for (const auto& [name, value] : task.tags) out["Tags"][name] = value;
  out["UserData"] = task.user_data;
  if (with_definition) out["TaskRequestDefinition"] = task.definition;
  return out;
}

Json json_of(const Project& project) {
  return {{"ProjectName", project.name},
          {"Description", project.description},
          {"CreateTime", iso_time(project.created)},
          {"UpdateTime", iso_time(project.created)}};
}

}  // namespace

bool is_project_name(std::string_view name) {
  constexpr std::size_t kLongest = 128;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && name.size() <= kLongest && is_letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

std::string_view status_text(TaskState state) {
  switch (state) {
    case TaskState::Queued:
    case TaskState::Running:
      return "Running";
    case TaskState::Succeeded:
      return "Succeeded";
    case TaskState::Failed:
      return "Failed";
  }
  return "";
}

std::string created_json(const TaskEntry& task, std::string_view request_id) {
  return text_of({{"RequestId", request_id}, {"EventId", task.event_id}, {"TaskId", task.id}});
}

std::string task_json(const TaskEntry& task, bool with_definition, std::string_view request_id) {
  Json out = info_of(task, with_definition);
  out["RequestId"] = request_id;
  out["ProjectName"] = task.project;
  out["EventId"] = task.event_id;
  return text_of(out);
}

std::string tasks_json(const TaskPage& page, std::string_view project, std::int64_t max_results,
                       bool with_definition, std::string_view request_id) {
  Json out;
  out["RequestId"] = request_id;
  out["ProjectName"] = project;
  out["MaxResults"] = std::to_string(max_results);  // a text, as in the service's models
  if (!page.next.empty()) out["NextToken"] = page.next;
  out["Tasks"] = Json::array();
  for (const TaskEntry& task : page.tasks) out["Tasks"].push_back(info_of(task, with_definition));
  return text_of(out);
}

std::string project_json(const Project& project, std::string_view request_id) {
  return text_of({{"RequestId", request_id}, {"Project", json_of(project)}});
}

std::string projects_json(std::span<const Project> projects, std::string_view next,
                          std::int64_t max_results, std::string_view request_id) {
  Json out;
  out["RequestId"] = request_id;
  out["MaxResults"] = max_results;
  if (!next.empty()) out["NextToken"] = next;
  out["Projects"] = Json::array();
  for (const Project& project : projects) out["Projects"].push_back(json_of(project));
  return text_of(out);
}

}  // namespace anim::service
