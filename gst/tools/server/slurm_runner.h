// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the tasks that wait in the store as jobs of a Slurm cluster, a bounded number at once. Jobs
// outlive the service; the next one finds them by their names.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gst/core/service/task_entry.h"
#include "gst/core/slurm/submission.h"
#include "gst/tools/batch/slurm_runs.h"
#include "gst/tools/server/job_folder.h"
#include "gst/tools/server/metrics.h"
#include "gst/tools/server/task_ends.h"
#include "gst/tools/server/task_runner.h"
#include "gst/tools/server/task_store.h"

namespace anim::server {

/// How tasks are run as jobs.
struct SlurmRunnerSettings {
  std::vector<std::string> worker;  ///< the program and its options, but for its task's
  std::string key;                  ///< in the names of jobs, of this service alone
  std::string folder;               ///< all machines of the cluster have it; of this service alone
  std::string storage_root;
  std::size_t jobs = 100;  ///< that are submitted at once
  slurm::JobLimits limits;
  std::vector<std::string> sbatch;       ///< the user's own options
  std::chrono::milliseconds look{1000};  ///< from one look at the jobs to the next
  std::chrono::seconds start{120};       ///< from a job's start to its worker's
  std::size_t retries = 2;               ///< of a task whose worker died
  std::chrono::hours keep{7 * 24};       ///< how long tasks that ended are known
};

class SlurmRunner final : public TaskRunner {
 public:
  /// `ended` is called after each end of a task. The store and the metrics outlive this.
  SlurmRunner(SlurmRunnerSettings settings, TaskStore& store, Metrics& metrics,
              std::function<void()> ended);

  /// Finds the jobs of the service before this one. Fails when the cluster does not answer, or
  /// would take no job; while there are jobs, that may be for now.
  [[nodiscard]] Status recover() override;

  /// Runs until stop(); jobs go on.
  void run() override;

  void wake() const override {}  // new tasks are looked for once a second
  void stop() override { is_stopping_ = true; }
  [[nodiscard]] int progress(std::int64_t number) const override;
  [[nodiscard]] std::int64_t running() const override { return running_; }

 private:
  using Clock = std::chrono::steady_clock;

  struct Active {
    service::TaskEntry task;
    std::size_t tries = 0;                ///< that came to nothing
    std::optional<TaskResult> otherwise;  ///< its end, where its worker has left none
    std::string trouble = {};             ///< why it has none yet, as the log has it
  };

  [[nodiscard]] tools::SlurmSettings slurm_settings();
  [[nodiscard]] Status take_up(const service::TaskEntry& task);
  void step();
  void start_waiting();
  [[nodiscard]] bool start(const service::TaskEntry& task);
  void submit();
  void settle(const tools::RunEnd& end);
  void close_ended();
  [[nodiscard]] std::optional<TaskResult> close(Active& active) const;
  void remove_old();
  void note_logs();

  SlurmRunnerSettings settings_;
  TaskStore& store_;
  JobFolder folder_;
  TaskEnds ends_;
  std::map<std::size_t, Active> active_;  ///< by the tasks' numbers
  /// Those that had results at the start, whose jobs may still be believed to run.
  std::set<std::size_t> ended_before_;
  std::vector<std::size_t> unsubmitted_;
  std::unique_ptr<tools::SlurmRuns> runs_;
  Clock::time_point next_start_{};  ///< not before, after a failure
  Clock::time_point next_removal_{};
  std::atomic<bool> is_stopping_{false};
  std::atomic<std::int64_t> running_{0};
  mutable std::mutex mutex_;
  std::map<std::int64_t, std::string> logs_;  ///< of tasks that have jobs
};

}  // namespace anim::server
