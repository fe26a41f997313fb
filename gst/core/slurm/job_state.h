// SPDX-License-Identifier: LGPL-2.1-or-later
// What Slurm says of its jobs (answers of squeue, sacct and scontrol), and what that means for a
// task.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/task_result.h"

namespace anim::slurm {

/// What squeue is to print, so that array_jobs() reads it.
constexpr std::string_view kJobFormat = "%F|%K|%T|%j|%r";

/// One element of a job array.
struct ArrayJob {
  std::uint64_t job = 0;  ///< the array's number
  /// In it; none for what is left of an array all of whose waiting elements were cancelled.
  std::optional<std::size_t> element;
  std::string state;   ///< "RUNNING"
  std::string name;    ///< the job's
  std::string reason;  ///< "NonZeroExitCode"; "None"
};

/// Lines of squeue in kJobFormat. Others are left out.
[[nodiscard]] std::vector<ArrayJob> array_jobs(std::string_view text);

/// It waits until somebody releases it: held by a user, or by Slurm when it could not be started.
[[nodiscard]] bool is_held(const ArrayJob& job);

/// How a job stands to its task.
enum class JobPhase {
  Alive,      ///< waits, runs, or will run again
  Ended,      ///< by itself or by a fault of the machine: the task may be tried again
  Cancelled,  ///< by somebody
  OutOfTime,
  OutOfMemory,
};

/// Slurm's word for a state; "CANCELLED by 0", as sacct has it, too. An unknown one is Alive.
[[nodiscard]] JobPhase phase_of(std::string_view state);

/// What became of a task whose job is in that phase (not Alive) and left no result. `job` is what
/// the message calls it.
[[nodiscard]] TaskResult result_of(JobPhase phase, const std::string& job);

/// The states by elements ("12_3") in an answer of `sacct --noheader --parsable2 --allocations
/// --format=JobID,State`.
[[nodiscard]] std::map<std::string, std::string> accounted_states(std::string_view text);

/// MaxArraySize in an answer of `scontrol show config`; elements of arrays are below it.
[[nodiscard]] std::optional<std::size_t> max_array_size(std::string_view text);

}  // namespace anim::slurm
