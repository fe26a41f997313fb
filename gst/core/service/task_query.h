// SPDX-License-Identifier: LGPL-2.1-or-later
// Which tasks a call of ListTasks wants, in which order, from where on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gst/core/service/parameters.h"
#include "gst/core/service/task_entry.h"

namespace anim::service {

inline constexpr std::int64_t kMaxPage = 100;

/// What a list is sorted by.
enum class TaskSort { TaskId, StartTime, EndTime };

/// A time of tasks: [start, end], each end open when it is absent.
struct TimeRange {
  std::optional<Moment> start;
  std::optional<Moment> end;
};

/// The last task of a page: its sort key and its number.
struct TaskCursor {
  std::string key;  ///< of TaskId the id, else milliseconds
  std::int64_t number = 0;
};

struct TaskQuery {
  std::string project = {};
  bool wants_tasks = true;                 ///< false: TaskTypes has no MediaConvert
  std::optional<std::string> status = {};  ///< as status_text()
  std::map<std::string, std::string> tags = {};
  TimeRange started = {};
  TimeRange ended = {};
  TaskSort sort = TaskSort::TaskId;
  bool is_descending = false;
  std::int64_t max_results = kMaxPage;
  std::optional<TaskCursor> after = {};
  bool with_definition = false;
};

/// Reads the parameters of ListTasks.
[[nodiscard]] TaskQuery task_query(Parameters& parameters);

/// The token that goes on behind `last` with the same sort and order.
[[nodiscard]] std::string next_token(const TaskQuery& query, const TaskEntry& last);

}  // namespace anim::service
