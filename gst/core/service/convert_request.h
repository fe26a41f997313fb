// SPDX-License-Identifier: LGPL-2.1-or-later
// The task that a call of CreateMediaConvertTask asks for, and the one that a worker is given.
#pragma once

#include <string>
#include <string_view>

#include "gst/core/error.h"
#include "gst/core/service/parameters.h"
#include "gst/core/task.h"
#include "gst/core/task_limits.h"
#include "gst/core/task_result.h"

namespace anim::service {

/// A task and the JSON that says it.
struct ConvertRequest {
  std::string definition;
  Task task;
};

/// Reads the JSON of a task and holds it against `limits`: schemes of sources, outputs and webhook.
[[nodiscard]] Result<ConvertRequest> convert_request(std::string definition,
                                                     const TaskLimits& limits);

/// The JSON of the task in a call's parameters, whose objects and lists are JSON in a text each. ""
/// when they are refused.
[[nodiscard]] std::string definition_in(Parameters& parameters);

/// The JSON of what a worker does of a task that was made at `created`: the same without
/// Notification, which the service itself sends, and with the task's time filled in, so that it
/// goes to the same places whenever it is run. `definition` is one that convert_request() took.
[[nodiscard]] Result<std::string> worker_task(std::string_view definition, Moment created);

}  // namespace anim::service
