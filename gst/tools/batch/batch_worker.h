// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs one task of a batch in this process, at most once: whoever is killed in the middle leaves
// enough for the next one to go on. It knows nothing but the file of tasks and the state's folder.
#pragma once

#include <optional>
#include <string>

#include "gst/core/error.h"
#include "gst/core/service/batch_file.h"
#include "gst/core/task_result.h"
#include "gst/tools/batch/batch_state.h"
#include "gst/tools/runner.h"
#include "plugins/animtask/net/stop_signal.h"

namespace anim::tools {

/// What a worker needs beside its task.
struct BatchWork {
  BatchState state;
  std::string storage_root;
  Properties limits;  ///< of animtaskbin
  StopSignal& stop;   ///< of messages; what was not told is told by the next one
};

/// The result (JSON) of a task that no worker has made.
[[nodiscard]] std::string bare_result(const service::BatchTask& task, TaskResult result);

/// Brings the task to its end, or finds that it has one. Of one that was interrupted (Cancelled)
/// nothing is written down: it is to be run again.
[[nodiscard]] Result<Outcome> run_batch_task(const service::BatchTask& task, const BatchWork& work,
                                             const Listener& listener);

/// Ends a task that no worker has brought to its end: writes `result` down, sends its messages and
/// removes what is left of it. A worker that has come first wins. Nothing while somebody still
/// works at it, or when it was stopped.
[[nodiscard]] Result<std::optional<Outcome>> end_batch_task(const service::BatchTask& task,
                                                            const BatchWork& work,
                                                            const TaskResult& result);

}  // namespace anim::tools
