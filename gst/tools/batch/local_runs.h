// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the tasks of a batch in processes of this machine, a bounded number at once.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "gst/core/service/worker_result.h"
#include "gst/tools/batch/task_runs.h"
#include "gst/tools/server/worker_process.h"

namespace anim::tools {

struct LocalSettings {
  std::vector<std::string> command;  ///< the worker, up to its task's index
  std::size_t jobs = 1;
  service::WorkerLimits limits;
  int lock = -1;  ///< a descriptor that workers hold open
};

class LocalRuns final : public TaskRuns {
 public:
  explicit LocalRuns(LocalSettings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] Status add(std::span<const std::size_t> tasks) override;
  [[nodiscard]] Result<std::vector<RunEnd>> wait() override;
  void cancel() override;

 private:
  using Clock = std::chrono::steady_clock;

  struct Active {
    std::size_t task;
    server::WorkerProcess process;
    Clock::time_point deadline;  ///< after which it is asked to end, then ended
    bool is_asked = false;
  };

  [[nodiscard]] Status start_waiting();
  void poll_all() const;
  [[nodiscard]] std::optional<RunEnd> look_after(Active& active) const;
  static void end_overdue(Active& active);

  LocalSettings settings_;
  std::deque<std::size_t> waiting_;
  std::vector<std::unique_ptr<Active>> active_;
};

}  // namespace anim::tools
