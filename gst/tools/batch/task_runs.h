// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the tasks of a batch are run: by whom, and what is heard of them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/task_result.h"

namespace anim::tools {

/// One run of a task is over.
struct RunEnd {
  std::size_t task = 0;       ///< its index
  TaskResult otherwise = {};  ///< its end, should the worker have left no result
  bool may_retry = false;     ///< that may have been the machine's fault
};

/// For one thread.
class TaskRuns {
 public:
  TaskRuns() = default;
  TaskRuns(const TaskRuns&) = delete;
  TaskRuns& operator=(const TaskRuns&) = delete;
  virtual ~TaskRuns() = default;

  /// Takes tasks (ascending) that are to be run.
  [[nodiscard]] virtual Status add(std::span<const std::size_t> tasks) = 0;

  /// Waits some time, or until something happens, and gives the runs that are over.
  [[nodiscard]] virtual Result<std::vector<RunEnd>> wait() = 0;

  /// Ends all runs, which leave nothing half-written.
  virtual void cancel() = 0;
};

}  // namespace anim::tools
