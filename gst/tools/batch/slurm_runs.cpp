// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/batch/slurm_runs.h"

#include <algorithm>
#include <utility>

#include <poll.h>

#include "gst/tools/batch/command.h"

namespace anim::tools {
namespace {

constexpr std::chrono::seconds kMostLook(30);     // from one question to the next
constexpr std::size_t kJobsPerSecond = 1000;      // that squeue is asked about, besides
constexpr std::chrono::milliseconds kBlink(200);  // from one look at an interruption to the next
constexpr std::chrono::minutes kPatience(1);      // with scancel at the end
constexpr std::size_t kMostElements = 1000;       // in one command
constexpr int kLooks = 10;                        // until sbatch is asked again that refused
constexpr std::chrono::seconds kLeave(5);         // from a result to the end of its job

// For what names some elements; stops when it says so.
void for_some(std::span<const std::string> elements,
              const std::function<bool(std::span<const std::string>)>& act) {
  while (!elements.empty()) {
    const auto some = elements.first(std::min(elements.size(), kMostElements));
    if (!act(some)) return;
    elements = elements.subspan(some.size());
  }
}

}  // namespace

Status SlurmRuns::open() {
  const auto config = answer_of({"scontrol", "show", "config"});
  if (!config) return config.error();
  const auto size = slurm::max_array_size(*config);
  if (!size || *size < 2) {
    return Error{ErrorCode::Unsupported, "this cluster takes no job arrays (MaxArraySize)", {}};
  }
  array_size_ = std::min(*size, settings_.longest_array);
  const auto there = jobs_of(settings_.known);
  if (!there) return there.error();
  for (const auto& [task, job] : there->latest) {
    if (slurm::phase_of(job.state) == slurm::JobPhase::Alive) followed_[task] = Followed(job.job);
  }
  is_accepted_ = is_accepted_ || !followed_.empty();
  return success();
}

// Of what may be left without an answer.
Result<std::string> SlurmRuns::ask(const std::vector<std::string>& command) const {
  return answer_of(command, settings_.is_interrupted);
}

// Slurm is asked less often about more jobs: the answers are longer, and the tasks take longer.
void SlurmRuns::pause() const {
  const std::chrono::milliseconds more = std::chrono::seconds(followed_.size() / kJobsPerSecond);
  const auto end = Clock::now() + std::min<Clock::duration>(settings_.look + more, kMostLook);
  while (!settings_.is_interrupted() && Clock::now() < end) {
    poll(nullptr, 0, static_cast<int>(std::min(kBlink, settings_.look).count()));
  }
}

const slurm::ArrayJob* SlurmRuns::Jobs::of(std::size_t task, std::uint64_t job) const {
  const auto found = latest.find(task);
  return found != latest.end() && found->second.job >= job ? &found->second : nullptr;
}

std::string SlurmRuns::names_of(std::span<const std::size_t> tasks) const {
  std::string out;
  for (const std::size_t offset : slurm::array_offsets(tasks, array_size_)) {
    out += (out.empty() ? "" : ",") + slurm::job_name(settings_.key, offset);
  }
  return out;
}

Result<SlurmRuns::Jobs> SlurmRuns::jobs_of(std::span<const std::size_t> tasks) const {
  if (tasks.empty()) return Jobs();
  const auto text =
      ask({"squeue", "--noheader", "--array", "--states=all", "--name=" + names_of(tasks),
           "--format=" + std::string(slurm::kJobFormat)});
  if (!text) return text.error();
  Jobs out;
  for (slurm::ArrayJob& job : slurm::array_jobs(*text)) {
    const auto offset = slurm::offset_in(job.name, settings_.key);
    if (!offset) continue;
    out.numbers.insert(job.job);
    if (!job.element) continue;
    auto& latest = out.latest[*offset + *job.element];
    if (latest.job <= job.job) latest = std::move(job);
  }
  return out;
}

Status SlurmRuns::add(std::span<const std::size_t> tasks) {
  for (const std::size_t task : tasks) {
    if (!followed_.contains(task)) waiting_.insert(task);
  }
  return submit_waiting();
}

// Where Slurm takes no more for now, the rest waits; what it has never taken is refused for good.
Status SlurmRuns::submit_waiting() {
  if (waiting_.empty() || Clock::now() < next_submission_) return success();
  const std::vector<std::size_t> tasks(waiting_.begin(), waiting_.end());
  for (const slurm::ArrayPart& part : slurm::array_parts(tasks, array_size_)) {
    if (settings_.is_interrupted()) return success();
    const auto job = submit(part);
    if (!job && !is_accepted_) return job.error();
    if (!job) {
      complain_once("sbatch", job.error().message);
      next_submission_ = Clock::now() + kLooks * settings_.look;
      return success();
    }
    is_accepted_ = true;
    for (const std::size_t element : part.elements) {
      waiting_.erase(part.offset + element);
      followed_[part.offset + element] = Followed(*job);
    }
  }
  complaints_.erase("sbatch");
  return success();
}

slurm::Submission SlurmRuns::submission_of(const slurm::ArrayPart& part) const {
  return {.name = slurm::job_name(settings_.key, part.offset),
          .part = part,
          .limits = settings_.limits,
          .log_folder = settings_.log_folder,
          .command = settings_.command,
          .options = settings_.options};
}

Status SlurmRuns::try_submission() const {
  const auto answer = ask(slurm::trial_command(submission_of({0, {0}})));
  if (answer) return success();
  const std::string& refusal = answer.error().message;
  if (!slurm::is_for_now(refusal)) {
    return Error{ErrorCode::Unsupported, "the cluster takes no such jobs: " + refusal, {}};
  }
  complain_(refusal);
  return success();
}

// Its answer is waited for, whatever happens: who asked would not know of the jobs.
Result<std::uint64_t> SlurmRuns::submit(const slurm::ArrayPart& part) const {
  const auto text = answer_of(slurm::sbatch_command(submission_of(part)));
  if (!text) return text.error();
  const auto job = slurm::submitted_job(*text);
  if (job) return *job;
  return Error{ErrorCode::ReadFailed, "sbatch did not say the number of the job", {}};
}

// While the controller does not answer, jobs go on and it is asked again.
Result<std::vector<RunEnd>> SlurmRuns::wait() {
  pause();
  std::vector<std::size_t> tasks;
  for (const auto& [task, followed] : followed_) tasks.push_back(task);
  const auto there = jobs_of(tasks);
  if (settings_.is_interrupted()) return std::vector<RunEnd>();
  if (!there) {
    complain_once("squeue", there.error().message);
    return std::vector<RunEnd>();
  }
  complaints_.erase("squeue");
  tell_of_holds(*there);
  const auto ended = settings_.ended();
  auto out = ends_in(*there, ended);
  for (RunEnd& end : drop_ended(ended)) out.push_back(std::move(end));
  if (Status status = submit_waiting(); !status) return status.error();
  return out;
}

std::vector<RunEnd> SlurmRuns::ends_in(const Jobs& jobs, const std::set<std::size_t>& ended) {
  const States states = accounted(jobs, ended);
  std::vector<RunEnd> out;
  for (auto& [task, followed] : followed_) {
    if (settings_.is_interrupted()) break;
    const std::string state = state_of(task, followed, jobs, states);
    followed.is_waiting = state == "PENDING";
    look_for_worker(task, followed, state);
    if (slurm::phase_of(state) != slurm::JobPhase::Alive) {
      out.push_back(end_of(task, followed.job, state));
    }
  }
  for (const RunEnd& end : out) followed_.erase(end.task);
  return out;
}

// Slurm keeps no record of an element that was cancelled while it waited. One that squeue does not
// know for another reason has ended some time ago, or was lost with the controller.
std::string SlurmRuns::state_of(std::size_t task, const Followed& followed, const Jobs& jobs,
                                const States& accounted) const {
  if (const slurm::ArrayJob* job = jobs.of(task, followed.job)) return job->state;
  const auto found = accounted.find(element_of(task, followed.job));
  const bool is_over =
      found != accounted.end() && slurm::phase_of(found->second) != slurm::JobPhase::Alive;
  if (is_over) return found->second;
  const bool was_cancelled = followed.is_waiting && jobs.numbers.contains(followed.job);
  return was_cancelled ? "CANCELLED" : "COMPLETED";
}

// A controller that is killed forgets what came in its last seconds: it believes jobs to run that
// have ended, which hold their nodes, and would run others again. What has a result needs no job.
std::vector<RunEnd> SlurmRuns::drop_ended(const std::set<std::size_t>& ended) {
  std::vector<RunEnd> out;
  std::vector<std::string> elements;
  for (const std::size_t task : ended) {
    const auto found = followed_.find(task);
    if (found == followed_.end()) continue;
    Followed& followed = found->second;
    if (!followed.end) {
      followed.end = Clock::now();
      continue;  // it may have begun since it was seen to wait
    }
    if (!followed.is_waiting && Clock::now() - *followed.end < kLeave) continue;
    elements.push_back(element_of(task, followed.job));
    out.push_back(end_of(task, followed.job, "COMPLETED"));
    followed_.erase(found);
  }
  for_some(elements, [&](std::span<const std::string> some) {
    std::vector<std::string> command = {"scancel", "--quiet"};
    command.insert(command.end(), some.begin(), some.end());
    const auto answer = ask(command);
    if (!answer) complain_once("scancel", answer.error().message);
    return !settings_.is_interrupted();
  });
  return out;
}

// Whoever holds jobs has a reason; the batch would wait without a word.
void SlurmRuns::tell_of_holds(const Jobs& jobs) {
  for (auto& [task, followed] : followed_) {
    const auto found = jobs.latest.find(task);
    const bool is_held = found != jobs.latest.end() && slurm::is_held(found->second);
    if (std::exchange(followed.is_held, is_held) || !is_held) continue;
    const std::string element = element_of(task, followed.job);
    complain_("the Slurm job " + element + " is held (" + found->second.reason +
              "); scontrol release lets it go on");
  }
}

// A controller that dies while it starts a job believes afterwards that the job runs, and may ask
// the node only after half an hour. Once is enough: what does not help is Slurm's to mend.
void SlurmRuns::look_for_worker(std::size_t task, Followed& followed, const std::string& state) {
  if (state != "RUNNING") {
    followed.start.reset();
    followed.is_at_work = false;
    return;
  }
  if (!followed.start) followed.start = Clock::now();
  if (followed.is_at_work || followed.is_queued_again) return;
  if (Clock::now() - *followed.start < settings_.start) return;
  followed.is_at_work = settings_.has_worker(task);
  if (followed.is_at_work) return;
  const std::string element = element_of(task, followed.job);
  complain_("no worker has begun in the Slurm job " + element + ", which runs for " +
            std::to_string(settings_.start.count()) + " s; it is queued again");
  const auto answer = ask({"scontrol", "requeue", element});
  if (!answer) complain_once("scontrol", answer.error().message);
  followed.is_queued_again = static_cast<bool>(answer);
}

RunEnd SlurmRuns::end_of(std::size_t task, std::uint64_t job, const std::string& state) const {
  const auto phase = slurm::phase_of(state);
  const std::string element = element_of(task, job);
  return {.task = task,
          .otherwise = slurm::result_of(phase, "the Slurm job " + element + " (" + state + ")"),
          .may_retry = phase == slurm::JobPhase::Ended};
}

std::string SlurmRuns::element_of(std::size_t task, std::uint64_t job) const {
  return std::to_string(job) + "_" + std::to_string(task % array_size_);
}

std::optional<std::string> SlurmRuns::log_of(std::size_t task) const {
  const auto found = followed_.find(task);
  if (found == followed_.end()) return {};
  return settings_.log_folder + "/" + element_of(task, found->second.job) + ".log";
}

// The states of those that squeue does not know, where there is accounting. What has a result needs
// none.
SlurmRuns::States SlurmRuns::accounted(const Jobs& jobs, const std::set<std::size_t>& ended) const {
  std::vector<std::string> elements;
  for (const auto& [task, followed] : followed_) {
    if (jobs.of(task, followed.job) != nullptr || ended.contains(task)) continue;
    elements.push_back(element_of(task, followed.job));
  }
  States out;
  for_some(elements, [&](std::span<const std::string> some) {
    std::string list;
    for (const std::string& element : some) list += (list.empty() ? "" : ",") + element;
    const auto text = ask({"sacct", "--noheader", "--parsable2", "--allocations",
                           "--format=JobID,State", "--jobs=" + list});
    if (text) out.merge(slurm::accounted_states(*text));
    return static_cast<bool>(text);
  });
  return out;
}

// By name: also those of which sbatch could not tell any more.
void SlurmRuns::cancel() {
  waiting_.clear();
  const auto end = Clock::now() + kPatience;
  for (const std::size_t offset : slurm::array_offsets(settings_.known, array_size_)) {
    const auto answer = answer_of({"scancel", "--name=" + slurm::job_name(settings_.key, offset)});
    if (answer) continue;
    complain_(answer.error().message);
    if (Clock::now() >= end) return;  // it would not answer for the others either
  }
}

void SlurmRuns::complain_once(const std::string& program, const std::string& text) {
  if (std::exchange(complaints_[program], text) != text) complain_(text);
}

}  // namespace anim::tools
