// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/batch/batch.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "gst/core/service/worker_result.h"

namespace anim::tools {
namespace {

using Json = nlohmann::ordered_json;

TaskResult failed(const Error& error) {
  TaskResult out;
  out.code = TaskCode::InternalError;
  out.message = error.message;
  return out;
}

}  // namespace

Batch::Batch(const std::vector<service::BatchTask>& tasks, const BatchWork& work, TaskRuns& runs,
             std::size_t retries, BatchListener listener)
    : tasks_(tasks), work_(work), runs_(runs), retries_(retries), listener_(std::move(listener)) {
  count_.all = tasks.size();
  for (std::size_t i = 0; i < tasks.size(); ++i) open_.insert(open_.end(), i);
}

Status Batch::run() {
  tell_known();
  const std::vector<std::size_t> waiting(open_.begin(), open_.end());
  Status status = waiting.empty() ? success() : runs_.add(waiting);
  if (status) status = lead();
  if (count_.ended < count_.all) runs_.cancel();
  return status;
}

// Tells of the tasks that have ended in a call before this one.
void Batch::tell_known() {
  for (std::size_t i = 0; i < tasks_.size(); ++i) (void)tell_if_known(i);
}

bool Batch::tell_if_known(std::size_t task) {
  const std::string& id = tasks_[task].id;
  const auto result = work_.state.result(id);
  if (!result) {
    tell_unkept(task, failed(result.error()));
    return true;
  }
  if (!*result) return false;
  work_.state.tidy(id);
  tell_result(task, **result);
  return true;
}

Status Batch::lead() {
  while (count_.ended < count_.all && !work_.stop.is_stopped()) {
    const auto ends = next_ends();
    if (!ends) return ends.error();
    for (const RunEnd& end : *ends) {
      if (work_.stop.is_stopped()) return success();  // which may be why it has ended
      if (Status status = settle(end); !status) return status;
    }
    std::sort(again_.begin(), again_.end());
    if (again_.empty()) continue;
    if (Status status = runs_.add(std::exchange(again_, {})); !status) return status;
  }
  return success();
}

Result<std::vector<RunEnd>> Batch::next_ends() {
  auto out = runs_.wait();
  if (!out) return out;
  for (RunEnd& end : std::exchange(late_, {})) out->push_back(std::move(end));
  return out;
}

// A run of a call before this one may end after its task is told.
Status Batch::settle(const RunEnd& end) {
  if (!open_.contains(end.task)) return success();
  if (tell_if_known(end.task)) return success();
  if (end.may_retry && tries_[end.task]++ < retries_) {
    again_.push_back(end.task);
    return success();
  }
  return this->end(end);
}

// A task that somebody cancelled has no result: it is run when it is asked for again. What cannot
// be read of one task stops no other.
Status Batch::end(const RunEnd& end) {
  if (end.otherwise.code == TaskCode::Cancelled) {
    tell_unkept(end.task, end.otherwise);
    return success();
  }
  const auto outcome = end_batch_task(tasks_[end.task], work_, end.otherwise);
  if (outcome && *outcome) {
    tell_result(end.task, (*outcome)->result);
  } else if (outcome) {
    wait_for(end);
  } else if (outcome.error().code == ErrorCode::ReadFailed) {
    tell_unkept(end.task, failed(outcome.error()));
  } else {
    return outcome.error();
  }
  return success();
}

// A worker that was thought to be dead may bring the task to its end.
void Batch::wait_for(const RunEnd& end) {
  late_.push_back(end);
  if (work_.stop.is_stopped() || !waited_for_.insert(end.task).second) return;
  listener_.warning("the task of line " + std::to_string(tasks_[end.task].line) +
                    " is over, but somebody still works at it; it is waited for");
}

void Batch::tell_unkept(std::size_t task, const TaskResult& result) {
  tell_result(task, bare_result(tasks_[task], result));
}

void Batch::tell_result(std::size_t task, const std::string& json) {
  const auto result = service::parse_result(json);
  Json line;
  line["Line"] = tasks_[task].line;
  line.update(Json::parse(json, nullptr, false));
  open_.erase(task);
  ++count_.ended;
  if (!result || result->code != TaskCode::None) ++count_.failed;
  listener_.result(line.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace anim::tools
