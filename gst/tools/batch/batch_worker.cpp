// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/batch/batch_worker.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "gst/core/service/convert_request.h"
#include "gst/core/service/moment_text.h"
#include "gst/core/service/worker_result.h"
#include "gst/core/task_json.h"
#include "gst/core/task_limits.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/leftovers.h"
#include "plugins/animtask/notification.h"

namespace anim::tools {
namespace {

using Json = nlohmann::ordered_json;
using service::BatchTask;

TaskResult failed(const Error& error) {
  TaskResult out;
  out.code = task_code(error.code);
  out.message = error.message;
  return out;
}

// The limits hold for the webhook as well, which animtaskbin does not get to see.
Result<TaskLimits> limits_of(const Properties& properties) {
  TaskLimits out;
  for (const auto& [name, value] : properties) {
    if (name != "allowed-schemes") continue;
    auto schemes = schemes_of(value);
    if (!schemes) return schemes.error();
    out.schemes = std::move(*schemes);
  }
  return out;
}

Outcome outcome_of(std::string json) {
  Outcome out;
  if (const auto result = service::parse_result(json)) {
    out.code = to_string(result->code);
    out.message = result->message;
  }
  out.result = std::move(json);
  return out;
}

// What a result (JSON) says, as the message has it.
TaskResult result_in(const Json& json, const BatchTask& task, Moment begun) {
  TaskResult out = service::parse_result(json.dump()).value_or(TaskResult{});
  out.task_id = task.id;
  out.start_time = begun;
  const Json end = json.value("EndTime", Json());
  const auto moment = service::parse_moment(end.is_string() ? end.get<std::string>() : "");
  out.end_time = moment ? *moment : begun;
  return out;
}

bool are_delivered(const std::vector<Delivery>& all) {
  return std::all_of(all.begin(), all.end(), [](const Delivery& one) { return one.is_delivered; });
}

Outcome interrupted() {
  Outcome out;
  out.code = to_string(TaskCode::Cancelled);
  out.message = "interrupted";
  return out;
}

// One worker's hold on a task.
class Work {
 public:
  Work(const BatchTask& task, const BatchWork& work, Moment begun)
      : task_(task), work_(work), begun_(begun) {}

  [[nodiscard]] Result<std::optional<std::string>> rolled_forward() const;
  void clean_up() const { server::remove_leftovers(entry(), work_.storage_root); }
  [[nodiscard]] Result<Outcome> convert(const Listener& listener) const;
  [[nodiscard]] Result<Outcome> end(const std::string& json) const;
  [[nodiscard]] Result<Outcome> tell(const std::string& json) const;

 private:
  [[nodiscard]] service::TaskEntry entry() const;
  [[nodiscard]] std::vector<Delivery> deliveries(const Json& result) const;

  const BatchTask& task_;
  const BatchWork& work_;
  Moment begun_;
};

service::TaskEntry Work::entry() const {
  service::TaskEntry out;
  out.id = task_.id;
  out.created = begun_;
  out.definition = task_.definition;
  return out;
}

// The result of a worker that was killed while it put outputs in their places.
Result<std::optional<std::string>> Work::rolled_forward() const {
  auto result = work_.state.journaled_result(task_.id);
  if (!result || !*result) return result;
  const server::Workplace place{work_.storage_root, work_.state.journal(task_.id)};
  if (!server::finish_publishing(entry(), place)) return std::optional<std::string>();
  return result;
}

Result<Outcome> Work::convert(const Listener& listener) const {
  const auto limits = limits_of(work_.limits);
  const auto request = limits ? service::convert_request(task_.definition, *limits)
                              : Result<service::ConvertRequest>(limits.error());
  if (!request) return end(bare_result(task_, failed(request.error())));
  const auto text = service::worker_task(task_.definition, begun_);
  if (!text) return end(bare_result(task_, failed(text.error())));
  Properties properties = work_.limits;
  properties.emplace_back("storage-root", work_.storage_root);
  properties.emplace_back("task-id", task_.id);
  properties.emplace_back("journal", work_.state.journal(task_.id));
  auto outcome = run(*text, properties, listener);
  if (!outcome || outcome->code == to_string(TaskCode::Cancelled)) return outcome;
  if (!outcome->result.empty()) return end(outcome->result);
  // It was refused before it was begun.
  TaskResult refused;
  refused.code = task_code_named(outcome->code);
  refused.message = outcome->message;
  return end(bare_result(task_, std::move(refused)));
}

Result<Outcome> Work::end(const std::string& json) const {
  if (Status status = work_.state.note_end(task_.id, json); !status) return status.error();
  return tell(json);
}

// The result is known to all when its messages have been sent; whoever is killed before sends them
// again, the same bytes with the same name.
Result<Outcome> Work::tell(const std::string& json) const {
  const std::vector<Delivery> sent = deliveries(Json::parse(json, nullptr, false));
  if (work_.stop.is_stopped() && !are_delivered(sent)) return interrupted();
  auto first = work_.state.note_result(task_.id, with_deliveries(json, sent));
  if (!first) return first.error();
  return outcome_of(std::move(*first));
}

std::vector<Delivery> Work::deliveries(const Json& result) const {
  std::vector<Delivery> out;
  const auto task = parse_task(task_.definition);
  if (!task || (!task->topic && !task->webhook)) return out;
  const std::string digits = task_.id.substr(task_.id.find('-') + 1);
  const Stores stores(setting_values({}), work_.stop);
  const TaskResult said = result_in(result, task_, begun_);
  const Telling telling{.name = task_.id, .json = message_json(*task, said, {digits, digits})};
  if (task->topic) {
    out.push_back(tell_topic(*task->topic, work_.storage_root, telling, stores));
  }
  // A webhook that was refused gets nothing.
  const auto limits = limits_of(work_.limits);
  if (task->webhook && limits && check_task_schemes(*task, *limits)) {
    out.push_back(tell_webhook(*task->webhook, telling, stores));
  }
  return out;
}

// How the task has ended; nothing when it has not.
Result<std::optional<Outcome>> known_end(const BatchTask& task, const BatchWork& work) {
  auto result = work.state.result(task.id);
  if (!result) return result.error();
  if (!*result) return std::optional<Outcome>();
  return std::optional(outcome_of(std::move(**result)));
}

// What another worker has left goes on; without it, `otherwise` is done. The task's lock is held.
Result<Outcome> go_on(const BatchTask& task, const BatchWork& work,
                      const std::function<Result<Outcome>(const Work&)>& otherwise) {
  const auto begun = work.state.begun(task.id, server::now());
  if (!begun) return begun.error();
  const Work mine(task, work, *begun);
  const auto end = work.state.untold_result(task.id);
  if (!end) return end.error();
  if (*end) return mine.tell(**end);
  const auto result = mine.rolled_forward();
  if (!result) return result.error();
  if (*result) return mine.end(**result);
  mine.clean_up();
  return otherwise(mine);
}

// Brings the task, whose lock is held, to its end, unless it has one since.
Result<Outcome> bring_to_end(const BatchTask& task, const BatchWork& work,
                             const std::function<Result<Outcome>(const Work&)>& otherwise) {
  auto end = known_end(task, work);
  if (!end) return end.error();
  if (!*end) return go_on(task, work, otherwise);
  work.state.tidy(task.id);  // of this lock
  return std::move(**end);
}

}  // namespace

std::string bare_result(const BatchTask& task, TaskResult result) {
  result.task_id = task.id;
  result.start_time = server::now();
  result.end_time = result.start_time;
  if (const auto parsed = parse_task(task.definition)) result.user_data = parsed->user_data;
  return result_json(result);
}

Result<Outcome> run_batch_task(const BatchTask& task, const BatchWork& work,
                               const Listener& listener) {
  auto end = known_end(task, work);
  if (!end) return end.error();
  if (*end) return std::move(**end);
  const auto lock = work.state.lock(task.id);
  if (!lock) return lock.error();
  return bring_to_end(task, work, [&](const Work& mine) { return mine.convert(listener); });
}

Result<std::optional<Outcome>> end_batch_task(const BatchTask& task, const BatchWork& work,
                                              const TaskResult& result) {
  const auto lock = work.state.try_lock(task.id);
  if (!lock) return lock.error();
  if (!*lock) return std::optional<Outcome>();
  auto outcome = bring_to_end(
      task, work, [&](const Work& mine) { return mine.end(bare_result(task, result)); });
  if (!outcome) return outcome.error();
  if (outcome->code == to_string(TaskCode::Cancelled)) return std::optional<Outcome>();
  return std::optional(std::move(*outcome));
}

}  // namespace anim::tools
