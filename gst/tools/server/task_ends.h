// SPDX-License-Identifier: LGPL-2.1-or-later
// Brings the ends of tasks into the store, however often it fails, and removes what is old there.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gst/core/service/task_entry.h"
#include "gst/core/task_result.h"
#include "gst/tools/server/metrics.h"
#include "gst/tools/server/task_store.h"

namespace anim::server {

/// For one thread. The store and the metrics outlive this.
class TaskEnds {
 public:
  /// `written` hears of each task whose end is in the store.
  TaskEnds(TaskStore& store, Metrics& metrics,
           std::function<void(const service::TaskEntry&)> written)
      : store_(store), metrics_(metrics), written_(std::move(written)) {}

  /// Takes the end of a task, for the next write().
  void add(const service::TaskEntry& task, const TaskResult& result);
  /// Writes what there is. What the store does not take stays, and then this is false.
  bool write();
  /// All ends are in the store.
  [[nodiscard]] bool is_written() const { return unwritten_.empty(); }
  /// Whether the end of the task of this id is to be written.
  [[nodiscard]] bool holds(std::string_view id) const;

  /// Forgets, once a minute, the tasks that ended longer ago than `keep`.
  void forget_old(std::chrono::hours keep);

 private:
  using Clock = std::chrono::steady_clock;

  TaskStore& store_;
  Metrics& metrics_;
  std::function<void(const service::TaskEntry&)> written_;
  std::vector<std::pair<service::TaskEntry, TaskEnd>> unwritten_;
  std::string trouble_;  ///< why the store did not take the last one, as the log has it
  Clock::time_point next_forget_{};
};

}  // namespace anim::server
