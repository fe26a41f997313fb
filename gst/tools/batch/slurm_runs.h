// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs tasks as elements of Slurm's job arrays. Slurm's own programs (sbatch,
// squeue, sacct, scontrol, scancel) do what is done; the jobs' names say which tasks they are, so
// that jobs of a call before this one are found again.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "gst/core/slurm/job_state.h"
#include "gst/core/slurm/submission.h"
#include "gst/tools/batch/task_runs.h"

namespace anim::tools {

struct SlurmSettings {
  std::vector<std::string> command;  ///< the worker, up to its task's index
  std::string key;                   ///< of these tasks, in the names of their jobs
  std::string log_folder;            ///< for what workers say; it is there
  /// The tasks (ascending) that may have jobs of a call before this one.
  std::vector<std::size_t> known;
  std::size_t longest_array = slurm::kLongestArray;
  /// The cluster has taken such jobs before: what it refuses it may take later.
  bool is_accepted = false;
  slurm::JobLimits limits;
  std::vector<std::string> options;      ///< the user's own of sbatch
  std::chrono::milliseconds look{1000};  ///< from one question to the next, of a few jobs
  std::chrono::seconds start{120};       ///< from a job's start to its worker's
  /// Whether a worker has been at the task: it is at it, or there is a result.
  std::function<bool(std::size_t)> has_worker;
  std::function<std::set<std::size_t>()> ended;  ///< the tasks that have results
  std::function<bool()> is_interrupted;          ///< nothing is waited for any more
};

class SlurmRuns final : public TaskRuns {
 public:
  /// `complain` hears what goes wrong for the time being.
  SlurmRuns(SlurmSettings settings, std::function<void(const std::string&)> complain)
      : settings_(std::move(settings)),
        complain_(std::move(complain)),
        is_accepted_(settings_.is_accepted) {}

  /// Asks the cluster how large arrays may be, and for jobs that are there already.
  [[nodiscard]] Status open();

  /// Whether jobs of a call before this one are there.
  [[nodiscard]] bool has_jobs() const { return !followed_.empty(); }

  /// Asks whether sbatch would take a job. Fails when it never would; of what it does not take for
  /// now `complain` hears.
  [[nodiscard]] Status try_submission() const;

  [[nodiscard]] Status add(std::span<const std::size_t> tasks) override;
  [[nodiscard]] Result<std::vector<RunEnd>> wait() override;
  void cancel() override;

  /// The file of what the task's worker says, where the task has a job.
  [[nodiscard]] std::optional<std::string> log_of(std::size_t task) const;

 private:
  using Clock = std::chrono::steady_clock;

  /// The jobs that squeue knows.
  struct Jobs {
    std::map<std::size_t, slurm::ArrayJob> latest;  ///< of each task
    std::set<std::uint64_t> numbers;

    /// The task's element in that array or in one after it; null when squeue does not know it.
    [[nodiscard]] const slurm::ArrayJob* of(std::size_t task, std::uint64_t job) const;
  };
  struct Followed {
    Followed() = default;
    explicit Followed(std::uint64_t number) : job(number) {}

    std::uint64_t job = 0;
    bool is_waiting = true;                  ///< when it was last seen
    std::optional<Clock::time_point> start;  ///< since when it is seen to run
    bool is_at_work = false;                 ///< it has had a worker since
    bool is_queued_again = false;            ///< by us, for want of a worker
    bool is_held = false;                    ///< until somebody releases it
    std::optional<Clock::time_point> end;    ///< since when its task is seen to have ended
  };

  using States = std::map<std::string, std::string>;  ///< by elements

  [[nodiscard]] Result<std::string> ask(const std::vector<std::string>& command) const;
  void pause() const;
  [[nodiscard]] Result<Jobs> jobs_of(std::span<const std::size_t> tasks) const;
  [[nodiscard]] std::string names_of(std::span<const std::size_t> tasks) const;
  [[nodiscard]] Status submit_waiting();
  [[nodiscard]] slurm::Submission submission_of(const slurm::ArrayPart& part) const;
  [[nodiscard]] Result<std::uint64_t> submit(const slurm::ArrayPart& part) const;
  [[nodiscard]] std::vector<RunEnd> ends_in(const Jobs& jobs, const std::set<std::size_t>& ended);
  [[nodiscard]] States accounted(const Jobs& jobs, const std::set<std::size_t>& ended) const;
  [[nodiscard]] std::string state_of(std::size_t task, const Followed& followed, const Jobs& jobs,
                                     const States& accounted) const;
  [[nodiscard]] std::vector<RunEnd> drop_ended(const std::set<std::size_t>& ended);
  void tell_of_holds(const Jobs& jobs);
  void look_for_worker(std::size_t task, Followed& followed, const std::string& state);
  [[nodiscard]] RunEnd end_of(std::size_t task, std::uint64_t job, const std::string& state) const;
  [[nodiscard]] std::string element_of(std::size_t task, std::uint64_t job) const;
  void complain_once(const std::string& program, const std::string& text);

  SlurmSettings settings_;
  std::function<void(const std::string&)> complain_;
  std::size_t array_size_ = 1;
  std::set<std::size_t> waiting_;             ///< not submitted
  std::map<std::size_t, Followed> followed_;  ///< of each task that is
  Clock::time_point next_submission_{};
  bool is_accepted_;                               ///< the cluster takes our jobs
  std::map<std::string, std::string> complaints_;  ///< the last one of each program
};

}  // namespace anim::tools
