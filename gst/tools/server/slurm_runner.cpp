// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/slurm_runner.h"

#include <algorithm>
#include <utility>

#include "gst/tools/server/log.h"

namespace anim::server {
namespace {

using service::TaskEntry;

constexpr std::chrono::seconds kPause(2);  // after a failure of the store or of the folder
constexpr std::chrono::minutes kRemoveEvery(10);

TaskResult failed(TaskCode code, std::string message) {
  TaskResult out;
  out.code = code;
  out.message = std::move(message);
  return out;
}

/// The disk's fault, not the task's.
bool is_for_now(const Error& error) {
  return error.code == ErrorCode::WriteFailed || error.code == ErrorCode::NoSpaceLeft;
}

std::size_t index_of(const TaskEntry& task) {
  return static_cast<std::size_t>(task.number);
}

}  // namespace

SlurmRunner::SlurmRunner(SlurmRunnerSettings settings, TaskStore& store, Metrics& metrics,
                         std::function<void()> ended)
    : settings_(std::move(settings)),
      store_(store),
      folder_(settings_.folder, settings_.storage_root),
      ends_(store, metrics, [this, ended = std::move(ended)](const TaskEntry& task) {
        folder_.remove(task);
        ended();
      }) {}

// A task is an array of one element: tasks come one by one, and go by their numbers in the store.
tools::SlurmSettings SlurmRunner::slurm_settings() {
  tools::SlurmSettings out;
  out.command = settings_.worker;
  out.command.insert(out.command.end(), {"--batch", folder_.tasks(), "--state", folder_.state(),
                                         "--storage-root", settings_.storage_root, "--index"});
  out.key = settings_.key;
  out.log_folder = folder_.logs();
  for (const auto& [number, active] : active_) out.known.push_back(number);
  out.longest_array = 1;
  out.is_accepted = true;
  out.limits = settings_.limits;
  out.options = settings_.sbatch;
  out.look = settings_.look;
  out.start = settings_.start;
  out.is_interrupted = [this] { return is_stopping_.load(); };
  out.has_worker = [this](std::size_t number) {
    const auto found = active_.find(number);
    return found == active_.end() || folder_.has_worker(found->second.task.id);
  };
  // After squeue's answer, of which a job may be missing by now; to list the folder is what brings
  // it up to date on NFS, before anybody looks for one result.
  out.ended = [this] {
    const std::set<std::string> ids = folder_.ended();
    std::set<std::size_t> numbers;
    for (const auto& [number, active] : active_) {
      if (ids.contains(active.task.id)) numbers.insert(number);
    }
    numbers.insert(ended_before_.begin(), ended_before_.end());
    return numbers;
  };
  return out;
}

Status SlurmRunner::recover() {
  if (Status status = folder_.open(); !status) return status;
  const auto running = store_.running();
  if (!running) return running.error();
  std::set<std::int64_t> numbers;
  for (const TaskEntry& task : *running) {
    numbers.insert(task.number);
    if (Status status = take_up(task); !status) return status;
  }
  folder_.keep_only(numbers);
  next_removal_ = Clock::now() + kRemoveEvery;
  runs_ = std::make_unique<tools::SlurmRuns>(slurm_settings(), [](const std::string& text) {
    log(LogLevel::Warning, "slurm", {{"message", text}});
  });
  if (Status status = runs_->open(); !status) return status;
  Status tried = runs_->try_submission();
  if (tried || !runs_->has_jobs()) return tried;
  log_error("slurm", tried.error());
  return success();
}

// What has no job any more is submitted. The file stays that a worker may be reading; where there
// is none and it cannot be written, the task waits again.
Status SlurmRunner::take_up(const TaskEntry& task) {
  Active& active = active_[index_of(task)];
  active.task = task;
  if (folder_.has_result(task.id)) {
    active.otherwise = failed(TaskCode::InternalError, "its result is gone");
    ended_before_.insert(index_of(task));
    return success();
  }
  const Status status = folder_.has_file(task) ? success() : folder_.add(task);
  if (!status) {
    log_error("job-not-written", status.error());
    active_.erase(index_of(task));
    return store_.unclaim(task.number);
  }
  unsubmitted_.push_back(index_of(task));
  log(LogLevel::Info, "task-taken-up", {{"task", task.id}});
  return success();
}

void SlurmRunner::run() {
  while (!is_stopping_) step();
  (void)ends_.write();
}

void SlurmRunner::step() {
  start_waiting();
  submit();
  const auto over = runs_->wait();
  if (!over) log_error("slurm", over.error());
  if (over) {
    for (const tools::RunEnd& end : *over) settle(end);
  }
  close_ended();
  if (!ends_.write()) next_start_ = Clock::now() + kPause;
  running_ = static_cast<std::int64_t>(active_.size());
  note_logs();
  ends_.forget_old(settings_.keep);
  remove_old();
}

void SlurmRunner::note_logs() {
  std::map<std::int64_t, std::string> logs;
  for (const auto& [number, active] : active_) {
    if (auto log = runs_->log_of(number)) logs[active.task.number] = std::move(*log);
  }
  const std::lock_guard lock(mutex_);
  logs_ = std::move(logs);
}

// A log is read when somebody asks: thousands of jobs are not looked at for nobody.
int SlurmRunner::progress(std::int64_t number) const {
  std::string log;
  {
    const std::lock_guard lock(mutex_);
    const auto found = logs_.find(number);
    if (found == logs_.end()) return 0;
    log = found->second;
  }
  return progress_in(log);
}

// As in the service's other runner, no task is begun while ends are not written.
void SlurmRunner::start_waiting() {
  while (ends_.is_written() && active_.size() < settings_.jobs && Clock::now() >= next_start_) {
    const auto task = store_.claim();
    if (task && !*task) return;
    if (!task) log_error("store-failed", task.error());
    if (!task || !start(**task)) next_start_ = Clock::now() + kPause;
  }
}

// False when it could not be, for reasons that are not the task's; it waits again.
bool SlurmRunner::start(const TaskEntry& task) {
  const Status status = folder_.add(task);
  if (!status && !is_for_now(status.error())) {
    ends_.add(task, failed(task_code(status.error().code), status.error().message));
    return true;
  }
  if (!status) {
    log_error("job-not-written", status.error());
    if (Status back = store_.unclaim(task.number); !back) log_error("store-failed", back.error());
    return false;
  }
  log(LogLevel::Info, "task-started", {{"task", task.id}, {"attempts", task.attempts}});
  active_[index_of(task)].task = task;
  unsubmitted_.push_back(index_of(task));
  return true;
}

void SlurmRunner::submit() {
  if (unsubmitted_.empty()) return;
  std::sort(unsubmitted_.begin(), unsubmitted_.end());
  const Status status = runs_->add(std::exchange(unsubmitted_, {}));
  if (!status) log_error("slurm", status.error());
}

void SlurmRunner::settle(const tools::RunEnd& end) {
  ended_before_.erase(end.task);
  const auto found = active_.find(end.task);
  if (found == active_.end() || found->second.otherwise) return;
  Active& active = found->second;
  const bool is_open = end.may_retry && !folder_.has_result(active.task.id);
  if (is_open && active.tries++ < settings_.retries) {
    unsubmitted_.push_back(end.task);
  } else {
    active.otherwise = end.otherwise;
  }
}

void SlurmRunner::close_ended() {
  for (auto it = active_.begin(); it != active_.end();) {
    Active& active = it->second;
    const auto result = active.otherwise ? close(active) : std::nullopt;
    if (result) ends_.add(active.task, *result);
    it = result ? active_.erase(it) : std::next(it);
  }
}

// Where a worker is still at a task whose job has ended (a node that was thought to be dead), it
// has the time that it takes.
std::optional<TaskResult> SlurmRunner::close(Active& active) const {
  auto result = folder_.close(active.task, *active.otherwise);
  if (result && *result) return std::move(*result);
  const std::string why =
      result ? "its job has ended, but somebody still works at it" : result.error().message;
  if (std::exchange(active.trouble, why) != why) {
    log(LogLevel::Warning, "job-not-closed", {{"task", active.task.id}, {"message", why}});
  }
  return {};
}

void SlurmRunner::remove_old() {
  if (Clock::now() < next_removal_) return;
  next_removal_ = Clock::now() + kRemoveEvery;
  std::set<std::string> open;
  for (const auto& [number, active] : active_) open.insert(active.task.id);
  folder_.remove_old(open);
}

}  // namespace anim::server
