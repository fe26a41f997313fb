// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/batch/local_runs.h"

#include <algorithm>
#include <string>
#include <utility>

#include <poll.h>

namespace anim::tools {
namespace {

constexpr std::chrono::seconds kGrace(5);  // from being asked to end to being ended
constexpr std::chrono::milliseconds kLook(500);

void ignore(const std::string& /*line*/) {}

}  // namespace

Status LocalRuns::add(std::span<const std::size_t> tasks) {
  waiting_.insert(waiting_.end(), tasks.begin(), tasks.end());
  return start_waiting();
}

// Where the machine has no room for one more process, it may have when one of ours has ended.
Status LocalRuns::start_waiting() {
  while (!waiting_.empty() && active_.size() < settings_.jobs) {
    std::vector<std::string> command = settings_.command;
    command.push_back(std::to_string(waiting_.front()));
    auto process = server::WorkerProcess::start(command, settings_.limits, settings_.lock);
    if (!process) return active_.empty() ? Status(process.error()) : success();
    active_.push_back(
        std::make_unique<Active>(Active{.task = waiting_.front(),
                                        .process = std::move(*process),
                                        .deadline = Clock::now() + settings_.limits.wall}));
    waiting_.pop_front();
  }
  return success();
}

Result<std::vector<RunEnd>> LocalRuns::wait() {
  poll_all();
  std::vector<RunEnd> out;
  for (auto& active : active_) {
    if (auto end = look_after(*active)) {
      out.push_back(std::move(*end));
      active.reset();
    }
  }
  std::erase(active_, nullptr);
  if (Status status = start_waiting(); !status) return status.error();
  return out;
}

void LocalRuns::poll_all() const {
  std::vector<pollfd> handles;
  for (const auto& active : active_) {
    const server::WorkerProcess& process = active->process;
    for (const int handle :
         {process.end_handle(), process.output_handle(), process.error_handle()}) {
      handles.push_back({handle, POLLIN, 0});
    }
  }
  poll(handles.data(), handles.size(), static_cast<int>(kLook.count()));
}

std::optional<RunEnd> LocalRuns::look_after(Active& active) const {
  active.process.read(ignore);
  auto end = active.process.reap(ignore);
  if (!end) {
    if (Clock::now() >= active.deadline) end_overdue(active);
    return {};
  }
  end->report.is_out_of_time = active.is_asked;
  TaskResult otherwise = service::result_of(end->report, settings_.limits);
  const bool is_fault = otherwise.code == TaskCode::InternalError;
  return RunEnd{active.task, std::move(otherwise), is_fault};
}

void LocalRuns::end_overdue(Active& active) {
  if (std::exchange(active.is_asked, true)) {
    active.process.kill();
    return;
  }
  active.process.ask_to_end();
  active.deadline = Clock::now() + kGrace;
}

void LocalRuns::cancel() {
  waiting_.clear();
  for (const auto& active : active_) active->deadline = Clock::now();
  while (!active_.empty()) {
    if (!wait()) return;  // those that are left are ended with this
  }
}

}  // namespace anim::tools
