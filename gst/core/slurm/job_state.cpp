// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/slurm/job_state.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gst/core/ascii.h"

namespace anim::slurm {
namespace {

// Every state in which a job has ended (squeue(1), "JOB STATE CODES"). One that is queued again is
// PENDING.
constexpr std::array<std::pair<std::string_view, JobPhase>, 11> kEnds = {{
    {"BOOT_FAIL", JobPhase::Ended},
    {"CANCELLED", JobPhase::Cancelled},
    {"COMPLETED", JobPhase::Ended},
    {"DEADLINE", JobPhase::OutOfTime},
    {"FAILED", JobPhase::Ended},
    {"NODE_FAIL", JobPhase::Ended},
    {"OUT_OF_MEMORY", JobPhase::OutOfMemory},
    {"PREEMPTED", JobPhase::Ended},
    {"REVOKED", JobPhase::Ended},
    {"SPECIAL_EXIT", JobPhase::Ended},
    {"TIMEOUT", JobPhase::OutOfTime},
}};

// Why a job waits that waits until it is released (squeue(1), "JOB REASON CODES", and what
// slurmctld says of jobs that it held itself, for which squeue may have underscores).
constexpr std::array<std::string_view, 5> kHolds = {
    "JobHeldAdmin", "JobHeldUser", "JobHoldMaxRequeue", "job requeued in held state",
    "launch failed requeued held"};

// The reason, which comes last, may have the separator in it: administrators write it.
std::optional<ArrayJob> array_job(std::string_view line) {
  constexpr std::size_t kFields = 5;
  auto fields = split(line, '|');
  if (fields.size() < kFields) return {};
  for (std::size_t i = kFields; i < fields.size(); ++i) fields[kFields - 1] += "|" + fields[i];
  const auto job = whole_number<std::uint64_t>(fields[0]);
  const auto element = whole_number<std::size_t>(fields[1]);
  if (!job) return {};
  return ArrayJob{*job, element, fields[2], fields[3], fields[4]};
}

TaskResult failed(TaskCode code, std::string message) {
  TaskResult out;
  out.code = code;
  out.message = std::move(message);
  return out;
}

}  // namespace

std::vector<ArrayJob> array_jobs(std::string_view text) {
  std::vector<ArrayJob> out;
  for (const std::string& line : split(text, '\n')) {
    if (auto job = array_job(line)) out.push_back(std::move(*job));
  }
  return out;
}

bool is_held(const ArrayJob& job) {
  if (job.state != "PENDING") return false;
  std::string reason = job.reason;
  std::replace(reason.begin(), reason.end(), '_', ' ');
  return std::find(kHolds.begin(), kHolds.end(), reason) != kHolds.end();
}

JobPhase phase_of(std::string_view state) {
  const std::string_view word = state.substr(0, state.find_first_of(" +"));
  const auto found =
      std::find_if(kEnds.begin(), kEnds.end(), [&](const auto& row) { return row.first == word; });
  return found == kEnds.end() ? JobPhase::Alive : found->second;
}

TaskResult result_of(JobPhase phase, const std::string& job) {
  switch (phase) {
    case JobPhase::Cancelled:
      return failed(TaskCode::Cancelled, job + " was cancelled");
    case JobPhase::OutOfTime:
      return failed(TaskCode::LimitExceeded, job + " took longer than it may");
    case JobPhase::OutOfMemory:
      return failed(TaskCode::LimitExceeded, job + " took more memory than it may");
    case JobPhase::Alive:
    case JobPhase::Ended:
      break;
  }
  return failed(TaskCode::InternalError, job + " ended without a result");
}

std::map<std::string, std::string> accounted_states(std::string_view text) {
  std::map<std::string, std::string> out;
  for (const std::string& line : split(text, '\n')) {
    const auto fields = split(line, '|');
    if (fields.size() == 2) out.emplace(fields[0], fields[1]);
  }
  return out;
}

std::optional<std::size_t> max_array_size(std::string_view text) {
  for (const std::string& line : split(text, '\n')) {
    if (!line.starts_with("MaxArraySize ")) continue;
    const std::size_t begin = line.find_first_of("0123456789");
    if (begin == std::string_view::npos) return {};
    const std::size_t end = line.find_last_of("0123456789") + 1;
    return whole_number<std::size_t>(line.substr(begin, end - begin));
  }
  return {};
}

}  // namespace anim::slurm
