// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/runner.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gst/core/service/convert_request.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/leftovers.h"
#include "gst/tools/server/log.h"

namespace anim::server {
namespace {

using service::TaskEntry;

constexpr std::chrono::seconds kGrace(5);  // from being asked to end to being ended
constexpr std::chrono::milliseconds kLook(500);
constexpr std::chrono::seconds kPause(2);  // after a failure of the store or of fork

TaskResult failed(TaskCode code, std::string message) {
  TaskResult out;
  out.code = code;
  out.message = std::move(message);
  return out;
}

Status write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out) return success();
  return Error{ErrorCode::WriteFailed, "cannot write " + path, {}};
}

}  // namespace

Runner::Runner(RunnerSettings settings, TaskStore& store, Metrics& metrics,
               std::function<void()> ended)
    : settings_(std::move(settings)),
      store_(store),
      metrics_(metrics),
      bell_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      ends_(store, metrics, [this, ended = std::move(ended)](const TaskEntry& task) {
        remove_files(task);
        ended();
      }) {}

Status Runner::recover() {
  const auto interrupted = store_.running();
  if (!interrupted) return interrupted.error();
  for (const TaskEntry& task : *interrupted) {
    if (Status status = recover(task); !status) return status;
  }
  remove_stale_files();
  return success();
}

Status Runner::recover(const TaskEntry& task) {
  const auto result = finish_publishing(task, workplace(task));
  remove_leftovers(task, settings_.storage_root);
  if (result) {
    finish(task, *result);
    return success();
  }
  if (task.attempts >= kMaxAttempts) {
    finish(task,
           failed(TaskCode::InternalError, "the service ended " + std::to_string(task.attempts) +
                                               " times while it ran the task"));
    return success();
  }
  log(LogLevel::Warning, "task-requeued", {{"task", task.id}, {"attempts", task.attempts}});
  return store_.requeue(task.number);
}

void Runner::run() {
  bool is_hurried = false;
  while (!is_stopping_ || !active_.empty()) {
    if (!is_stopping_) {
      start_waiting();
      ends_.forget_old(settings_.keep);
    } else if (!std::exchange(is_hurried, true)) {
      hurry_workers();
    }
    step();
  }
  write_ends();
}

// What has ended gives its place to the next before its end is written down, which takes the disk
// some time.
void Runner::step() {
  wait();
  std::vector<std::pair<std::unique_ptr<Active>, WorkerEnd>> ended;
  for (auto& active : active_) {
    if (auto end = look_after(*active)) ended.emplace_back(std::move(active), std::move(*end));
  }
  std::erase(active_, nullptr);
  if (!is_stopping_) start_waiting();
  for (const auto& [active, end] : ended) conclude(*active, end);
}

void Runner::wake() const {
  const std::uint64_t one = 1;
  (void)!write(bell_.get(), &one, sizeof one);
}

void Runner::stop() {
  is_stopping_ = true;
  wake();
}

int Runner::progress(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = progress_.find(number);
  return found == progress_.end() ? 0 : found->second;
}

std::int64_t Runner::running() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::int64_t>(progress_.size());
}

void Runner::start_waiting() {
  if (!ends_.is_written() && Clock::now() >= next_start_) write_ends();
  while (ends_.is_written() && active_.size() < settings_.workers && Clock::now() >= next_start_) {
    const auto task = store_.claim();
    if (task && !*task) return;
    if (!task) log_error("store-failed", task.error());
    if (!task || !start(**task)) next_start_ = Clock::now() + kPause;
  }
}

// False when it could not be, for reasons that are not the task's; it waits again.
bool Runner::start(const TaskEntry& task) {
  const auto text = service::worker_task(task.definition, task.created);
  if (!text) {
    finish(task, failed(task_code(text.error().code), text.error().message));
    return true;
  }
  const std::string file = file_of(task);
  const Status written = write_file(file, *text);
  std::vector<std::string> command = settings_.command;
  command.insert(command.end(), {"--task-id", task.id, "--journal", workplace(task).journal, file});
  auto process = written ? WorkerProcess::start(command, settings_.limits, settings_.lock)
                         : Result<WorkerProcess>(written.error());
  if (!process) {
    log_error("worker-not-started", process.error());
    remove_files(task);
    unclaim(task);
    return false;
  }
  note_progress(task.number, 0);
  log(LogLevel::Info, "task-started", {{"task", task.id}, {"attempts", task.attempts}});
  active_.push_back(
      std::make_unique<Active>(Active{.task = task,
                                      .process = std::move(*process),
                                      .deadline = Clock::now() + settings_.limits.wall}));
  return true;
}

// Until something happens, or it is time to look.
void Runner::wait() {
  std::vector<pollfd> handles = {{bell_.get(), POLLIN, 0}};
  for (const auto& active : active_) {
    const WorkerProcess& process = active->process;
    for (const int handle :
         {process.end_handle(), process.output_handle(), process.error_handle()}) {
      handles.push_back({handle, POLLIN, 0});
    }
  }
  poll(handles.data(), handles.size(), static_cast<int>(kLook.count()));
  std::uint64_t rings = 0;
  (void)!read(bell_.get(), &rings, sizeof rings);
}

std::optional<WorkerEnd> Runner::look_after(Active& active) {
  const auto note = [&](const std::string& line) {
    if (const auto percent = service::percent_in(line)) {
      note_progress(active.task.number, *percent);
    }
  };
  active.process.read(note);
  auto end = active.process.reap(note);
  if (!end && Clock::now() >= active.deadline) end_overdue(active);
  return end;
}

void Runner::end_overdue(Active& active) {
  if (std::exchange(active.is_asked, true)) {
    active.process.kill();
    return;
  }
  active.is_out_of_time = !is_stopping_;
  active.process.ask_to_end();
  active.deadline = Clock::now() + kGrace;
}

// Of a worker that came to its end after its outputs, what it wrote down before counts.
TaskResult Runner::result_of(const Active& active, const WorkerEnd& end) {
  service::WorkerReport report = end.report;
  report.is_out_of_time = active.is_out_of_time;
  if (report.signal) {
    if (auto result = finish_publishing(active.task, workplace(active.task))) return *result;
  }
  return service::result_of(report, settings_.limits);
}

void Runner::conclude(Active& active, const WorkerEnd& end) {
  metrics_.count_worker(end.cpu_seconds);
  const TaskResult result = result_of(active, end);
  // A worker that has told of its end has left nothing; to look for it takes time.
  if (end.report.signal || !service::parse_result(end.report.output)) {
    remove_leftovers(active.task, settings_.storage_root);
  }
  const bool is_interrupted =
      is_stopping_ && active.is_asked && !active.is_out_of_time && result.code != TaskCode::None;
  if (is_interrupted) {
    remove_files(active.task);
    unclaim(active.task);
  } else {
    finish(active.task, result);
  }
  const std::lock_guard lock(mutex_);
  progress_.erase(active.task.number);
}

// Where the store fails, recover() does it.
void Runner::unclaim(const TaskEntry& task) {
  if (Status status = store_.unclaim(task.number); !status) {
    log_error("store-failed", status.error());
  }
}

void Runner::finish(const TaskEntry& task, const TaskResult& result) {
  ends_.add(task, result);
  write_ends();
}

// What the store does not take stays for later: no task is begun meanwhile. What it has not taken
// when the service ends is found by the next: what the worker has written down about its outputs
// is there until the end is in the store.
void Runner::write_ends() {
  if (!ends_.write()) next_start_ = Clock::now() + kPause;
}

void Runner::hurry_workers() {
  for (const auto& active : active_) {
    active->deadline = std::min(active->deadline, Clock::now() + settings_.stop_time);
  }
}

void Runner::note_progress(std::int64_t number, int percent) {
  const std::lock_guard lock(mutex_);
  progress_[number] = percent;
}

void Runner::remove_files(const TaskEntry& task) const {
  std::error_code ignored;
  for (const std::string& file : {file_of(task), workplace(task).journal}) {
    std::filesystem::remove(file, ignored);
    std::filesystem::remove(file + ".part", ignored);
  }
}

// Of tasks that came to their ends just before the service before this one did.
void Runner::remove_stale_files() const {
  std::error_code error;
  for (std::filesystem::directory_iterator it(settings_.folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code ignored;
    if (!ends_.holds(name.substr(0, name.find('.')))) std::filesystem::remove(it->path(), ignored);
  }
}

Workplace Runner::workplace(const TaskEntry& task) const {
  return {settings_.storage_root, settings_.folder + "/" + task.id + ".journal"};
}

std::string Runner::file_of(const TaskEntry& task) const {
  return settings_.folder + "/" + task.id + ".json";
}

}  // namespace anim::server
