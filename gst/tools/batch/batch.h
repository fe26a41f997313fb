// SPDX-License-Identifier: LGPL-2.1-or-later
// Leads the tasks of a batch to their ends, wherever they are run.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/service/batch_file.h"
#include "gst/tools/batch/batch_worker.h"
#include "gst/tools/batch/task_runs.h"

namespace anim::tools {

/// How the tasks of a batch have ended so far.
struct BatchCount {
  std::size_t all = 0;
  std::size_t ended = 0;
  std::size_t failed = 0;  ///< of those
};

/// Hears of a batch.
struct BatchListener {
  std::function<void(const std::string&)> result;  ///< of a task, once: JSON on one line
  std::function<void(const std::string&)> warning;
};

class Batch {
 public:
  /// `tasks`, `work` and `runs` outlive this.
  Batch(const std::vector<service::BatchTask>& tasks, const BatchWork& work, TaskRuns& runs,
        std::size_t retries, BatchListener listener);

  /// Runs until all have ended or the work is stopped; then their runs are ended, too, and the same
  /// call goes on with them later.
  [[nodiscard]] Status run();

  [[nodiscard]] const BatchCount& count() const { return count_; }

 private:
  void tell_known();
  [[nodiscard]] bool tell_if_known(std::size_t task);
  [[nodiscard]] Status lead();
  [[nodiscard]] Result<std::vector<RunEnd>> next_ends();
  [[nodiscard]] Status settle(const RunEnd& end);
  [[nodiscard]] Status end(const RunEnd& end);
  void wait_for(const RunEnd& end);
  void tell_result(std::size_t task, const std::string& json);
  void tell_unkept(std::size_t task, const TaskResult& result);  ///< which no file has

  const std::vector<service::BatchTask>& tasks_;
  const BatchWork& work_;
  TaskRuns& runs_;
  std::size_t retries_;
  BatchListener listener_;
  std::set<std::size_t> open_;                ///< tasks that are not told
  std::map<std::size_t, std::size_t> tries_;  ///< that came to nothing, of each task
  std::vector<std::size_t> again_;            ///< to be run again
  std::vector<RunEnd> late_;                  ///< somebody still works at the task
  std::set<std::size_t> waited_for_;          ///< those that were warned of
  BatchCount count_;
};

}  // namespace anim::tools
