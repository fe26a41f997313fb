// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the tasks that wait in the store, each in a worker process, a bounded number at once.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gst/core/service/task_entry.h"
#include "gst/tools/server/leftovers.h"
#include "gst/tools/server/metrics.h"
#include "gst/tools/server/task_ends.h"
#include "gst/tools/server/task_runner.h"
#include "gst/tools/server/task_store.h"
#include "gst/tools/server/worker_process.h"

namespace anim::server {

/// How tasks are run.
struct RunnerSettings {
  std::vector<std::string> command;  ///< the worker, up to its task's file
  std::string folder;                ///< of the files of tasks that run, of this service alone
  std::string storage_root;
  std::size_t workers = 1;
  service::WorkerLimits limits;
  std::chrono::seconds stop_time{10};  ///< for tasks that run when the service is stopped
  std::chrono::hours keep{7 * 24};     ///< how long tasks that ended are known
  int lock = -1;                       ///< a descriptor that workers hold open
};

class Runner final : public TaskRunner {
 public:
  /// A task whose worker was interrupted by the end of the service is begun so often in all: one
  /// that takes the machine down with it must not do so for ever.
  static constexpr unsigned kMaxAttempts = 20;

  /// `ended` is called after each end of a task. The store and the metrics outlive this.
  Runner(RunnerSettings settings, TaskStore& store, Metrics& metrics, std::function<void()> ended);

  /// Lets the tasks wait again that ran when the service before this one ended, but for those whose
  /// outputs were on their way to their places: these are ended.
  [[nodiscard]] Status recover() override;

  /// Runs until stop(). Then workers have some time to end; what they did not is done by the
  /// next service.
  void run() override;

  void wake() const override;
  void stop() override;
  [[nodiscard]] int progress(std::int64_t number) const override;
  [[nodiscard]] std::int64_t running() const override;

 private:
  using Clock = std::chrono::steady_clock;

  struct Active {
    service::TaskEntry task;
    WorkerProcess process;
    Clock::time_point deadline;  ///< after which it is asked to end, then ended
    bool is_asked = false;
    bool is_out_of_time = false;
  };

  void step();
  void start_waiting();
  [[nodiscard]] bool start(const service::TaskEntry& task);
  void wait();
  [[nodiscard]] std::optional<WorkerEnd> look_after(Active& active);
  void end_overdue(Active& active);
  void conclude(Active& active, const WorkerEnd& end);
  void finish(const service::TaskEntry& task, const TaskResult& result);
  void write_ends();
  void hurry_workers();
  void note_progress(std::int64_t number, int percent);
  [[nodiscard]] Status recover(const service::TaskEntry& task);
  [[nodiscard]] TaskResult result_of(const Active& active, const WorkerEnd& end);
  void remove_files(const service::TaskEntry& task) const;
  void remove_stale_files() const;
  void unclaim(const service::TaskEntry& task);
  [[nodiscard]] std::string file_of(const service::TaskEntry& task) const;
  [[nodiscard]] Workplace workplace(const service::TaskEntry& task) const;

  RunnerSettings settings_;
  TaskStore& store_;
  Metrics& metrics_;
  Descriptor bell_;  ///< an eventfd
  std::atomic<bool> is_stopping_{false};
  std::vector<std::unique_ptr<Active>> active_;
  TaskEnds ends_;
  Clock::time_point next_start_{};  ///< not before, after a failure
  mutable std::mutex mutex_;        // guards what follows
  std::map<std::int64_t, int> progress_;
};

}  // namespace anim::server
