// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/task_ends.h"

#include <algorithm>

#include "gst/tools/server/clock.h"
#include "gst/tools/server/log.h"
#include "gst/tools/server/task_end.h"

namespace anim::server {
namespace {

constexpr std::chrono::minutes kForgetEvery(1);

}  // namespace

void TaskEnds::add(const service::TaskEntry& task, const TaskResult& result) {
  TaskEnd end = task_end(task, result, now());
  TaskCount count{.code = to_string(result.code),
                  .decoded_frames = result.decoded_frames,
                  .skipped_units = result.skipped_units};
  for (const OutputResult& output : result.outputs) {
    count.frames += output.frame_count;
    count.bytes += output.bytes;
  }
  metrics_.count_task(count);
  log(result.code == TaskCode::None ? LogLevel::Info : LogLevel::Warning, "task-ended",
      {{"task", task.id}, {"code", end.code}});
  unwritten_.emplace_back(task, std::move(end));
}

bool TaskEnds::write() {
  while (!unwritten_.empty()) {
    const auto& [task, end] = unwritten_.back();
    if (Status status = store_.finish(task.number, end); !status) {
      const std::string& why = status.error().message;
      if (std::exchange(trouble_, why) != why) log_error("store-failed", status.error());
      return false;
    }
    written_(task);
    unwritten_.pop_back();
  }
  trouble_.clear();
  return true;
}

bool TaskEnds::holds(std::string_view id) const {
  return std::any_of(unwritten_.begin(), unwritten_.end(),
                     [&](const auto& row) { return row.first.id == id; });
}

void TaskEnds::forget_old(std::chrono::hours keep) {
  if (Clock::now() < next_forget_) return;
  next_forget_ = Clock::now() + kForgetEvery;
  const auto count = store_.forget_before(now() - keep);
  if (!count) log_error("store-failed", count.error());
}

}  // namespace anim::server
