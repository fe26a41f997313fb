// SPDX-License-Identifier: LGPL-2.1-or-later
// What the service knows of projects and tasks, and how it tells.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/task_result.h"

namespace anim::service {

struct Project {
  std::string name;
  std::string description;
  Moment created{0};
};

/// How far a task is. The numbers are those in the store.
enum class TaskState { Queued = 0, Running = 1, Succeeded = 2, Failed = 3 };

/// Whether a project may have this name.
[[nodiscard]] bool is_project_name(std::string_view name);

/// What is wrong with a name that none may have.
inline constexpr const char* kProjectNameRule =
    "must have 1 to 128 letters, digits, - and _, and begin with a letter";

/// The service's word for it; what waits is "Running", too.
[[nodiscard]] std::string_view status_text(TaskState state);

/// One task, as the store keeps it.
struct TaskEntry {
  std::int64_t number = 0;  ///< in the order of creation
  std::string id;           ///< "MediaConvert-<uuid>"
  std::string event_id;
  std::string request_id;  ///< of the call that made it
  std::string project;
  TaskState state = TaskState::Queued;
  Moment created{0};            ///< its StartTime
  std::optional<Moment> ended;  ///< its EndTime
  std::string code;
  std::string message;
  std::string user_data;
  std::map<std::string, std::string> tags;
  std::string definition;  ///< the JSON of the task as it was asked for
  unsigned attempts = 0;   ///< how often it was begun
  int progress = 0;        ///< percent, while it runs
};

/// A list that goes on at `next`.
struct TaskPage {
  std::vector<TaskEntry> tasks;
  std::string next;  ///< the token of the following page; "" = none
};

// Bodies of answers.
[[nodiscard]] std::string created_json(const TaskEntry& task, std::string_view request_id);
[[nodiscard]] std::string task_json(const TaskEntry& task, bool with_definition,
                                    std::string_view request_id);
[[nodiscard]] std::string tasks_json(const TaskPage& page, std::string_view project,
                                     std::int64_t max_results, bool with_definition,
                                     std::string_view request_id);
[[nodiscard]] std::string project_json(const Project& project, std::string_view request_id);
[[nodiscard]] std::string projects_json(std::span<const Project> projects, std::string_view next,
                                        std::int64_t max_results, std::string_view request_id);

}  // namespace anim::service
