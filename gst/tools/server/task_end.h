// SPDX-License-Identifier: LGPL-2.1-or-later
// The end of a task: what the store keeps of it, and the messages that tell of it.
#pragma once

#include "gst/core/service/task_entry.h"
#include "gst/core/task_result.h"
#include "gst/tools/server/task_store.h"

namespace anim::server {

/// The end of `task` at `time` with what its worker says. Its messages hold ids of their own.
[[nodiscard]] TaskEnd task_end(const service::TaskEntry& task, TaskResult result, Moment time);

}  // namespace anim::server
