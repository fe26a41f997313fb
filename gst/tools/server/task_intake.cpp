// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/task_intake.h"

#include "gst/tools/server/clock.h"
#include "gst/tools/server/log.h"
#include "gst/tools/server/store_answer.h"
#include "gst/tools/server/unique_id.h"

namespace anim::server {

using service::ApiCode;
using service::ApiError;
using service::TaskEntry;

std::variant<TaskEntry, ApiError> TaskIntake::take(std::string definition, const TaskCall& call) {
  auto request = read(std::move(definition));
  if (!request) return service::api_error(request.error());
  if (auto error = check_project(store_, request->task.project_name)) return std::move(*error);
  TaskEntry task;
  task.id = "MediaConvert-" + uuid();
  task.event_id = uuid();
  task.request_id = call.request_id;
  task.project = request->task.project_name;
  task.created = now();
  task.user_data = request->task.user_data;
  task.tags = request->task.tags;
  task.definition = std::move(request->definition);
  const auto added = store_.add(task, call.mark, settings_.queue);
  if (!added) return store_trouble(added.error());
  switch (*added) {
    case Added::New:
      break;
    case Added::QueueFull:
      return ApiError{ApiCode::Throttled,
                      std::to_string(settings_.queue) + " tasks wait already; try again later"};
    case Added::Replayed:
      return ApiError{ApiCode::NonceUsed, "there is a task of this very request already"};
  }
  runner_.wake();
  log(LogLevel::Info, "task-created", {{"task", task.id}});
  return task;
}

}  // namespace anim::server
