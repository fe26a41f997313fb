// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes tasks in: reads them, holds them against the limits, and lets them wait.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "gst/core/service/api_error.h"
#include "gst/core/service/convert_request.h"
#include "gst/core/service/task_entry.h"
#include "gst/core/task_limits.h"
#include "gst/tools/server/task_runner.h"
#include "gst/tools/server/task_store.h"

namespace anim::server {

/// What tasks may be.
struct IntakeSettings {
  TaskLimits limits;            ///< of one task
  std::int64_t queue = 10'000;  ///< tasks that wait at most
};

/// The call that asks for a task.
struct TaskCall {
  std::string mark;        ///< tells it from all others
  std::string request_id;  ///< as its answer has it
};

/// Thread-safe.
class TaskIntake {
 public:
  /// The store and the runner outlive this.
  TaskIntake(IntakeSettings settings, TaskStore& store, TaskRunner& runner)
      : settings_(std::move(settings)), store_(store), runner_(runner) {}

  /// Reads a task and holds it against the limits.
  [[nodiscard]] Result<service::ConvertRequest> read(std::string definition) const {
    return service::convert_request(std::move(definition), settings_.limits);
  }

  /// A new task of the JSON `definition`; NonceUsed when there is a task of that call.
  [[nodiscard]] std::variant<service::TaskEntry, service::ApiError> take(std::string definition,
                                                                         const TaskCall& call);

 private:
  IntakeSettings settings_;
  TaskStore& store_;
  TaskRunner& runner_;
};

}  // namespace anim::server
