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
             std::size_t retries, std::function<void(const std::string&)> tell)
    : tasks_(tasks), work_(work), runs_(runs), retries_(retries), tell_(std::move(tell)) {
  count_.all = tasks.size();
  for (std::size_t i = 0; i < tasks.size(); ++i) open_.insert(open_.end(), i);
}

Status Batch::run(const std::function<bool()>& is_interrupted) {
  tell_known();
  const std::vector<std::size_t> waiting(open_.begin(), open_.end());
  Status status = waiting.empty() ? success() : runs_.add(waiting);
  if (status) status = lead(is_interrupted);
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

Status Batch::lead(const std::function<bool()>& is_interrupted) {
  while (count_.ended < count_.all && !is_interrupted()) {
    const auto ends = runs_.wait();
    if (!ends) return ends.error();
    if (is_interrupted()) break;  // which may be why they have ended
    for (const RunEnd& end : *ends) {
      if (Status status = settle(end); !status) return status;
    }
    std::sort(again_.begin(), again_.end());
    if (again_.empty()) continue;
    if (Status status = runs_.add(std::exchange(again_, {})); !status) return status;
  }
  return success();
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
  if (outcome) {
    tell_result(end.task, outcome->result);
  } else if (outcome.error().code == ErrorCode::ReadFailed) {
    tell_unkept(end.task, failed(outcome.error()));
  } else {
    return outcome.error();
  }
  return success();
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
  tell_(line.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace anim::tools
