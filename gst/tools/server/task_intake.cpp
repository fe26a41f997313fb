// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/task_intake.h"

#include "gst/core/service/convert_request.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/log.h"

namespace anim::server {

using service::ApiCode;
using service::ApiError;
using service::TaskEntry;

ApiError store_trouble(const Error& error) {
  if (error.code != ErrorCode::LimitExceeded) {
    log(LogLevel::Error, "store-failed", {{"message", error.message}});
  }
  return service::api_error(error);
}

std::optional<ApiError> TaskIntake::check_project(const std::string& name) {
  const auto project = store_.project(name);
  if (!project) return store_trouble(project.error());
  if (*project) return {};
  return ApiError{ApiCode::ResourceNotFound, "The specified resource project is not found."};
}

std::variant<TaskEntry, ApiError> TaskIntake::take(std::string definition, std::string_view mark) {
  auto request = service::convert_request(std::move(definition), settings_.limits);
  if (!request) return service::api_error(request.error());
  if (auto error = check_project(request->task.project_name)) return std::move(*error);
  TaskEntry task;
  task.id = "MediaConvert-" + uuid();
  task.event_id = uuid();
  task.project = request->task.project_name;
  task.created = now();
  task.user_data = request->task.user_data;
  task.tags = request->task.tags;
  task.definition = std::move(request->definition);
  const auto added = store_.add(task, mark, settings_.queue);
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
