// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes a task as the JSON that task_json reads.
#pragma once

#include <string>

#include "gst/core/task.h"

namespace anim {

/// The JSON of `task`, which parse_task() reads back as the same task (the animations in one
/// target). For a command line that makes tasks of its options.
[[nodiscard]] std::string to_json(const Task& task);

}  // namespace anim
