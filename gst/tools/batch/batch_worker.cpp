// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/batch/batch_worker.h"

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "gst/core/service/convert_request.h"
#include "gst/core/service/moment_text.h"
#include "gst/core/service/worker_result.h"
#include "gst/core/task_file.h"
#include "gst/core/task_json.h"
#include "gst/core/task_limits.h"
#include "gst/tools/server/leftovers.h"
#include "plugins/animtask/notification.h"

namespace anim::tools {
namespace {

using Json = nlohmann::ordered_json;
using service::BatchTask;

Moment now() {
  using namespace std::chrono;
  return duration_cast<Moment>(system_clock::now().time_since_epoch());
}

TaskResult failed(const Error& error) {
  TaskResult out;
  out.code = task_code(error.code);
  out.message = error.message;
  return out;
}

TaskCode code_named(std::string_view name) {
  for (const TaskCodeRow& row : task_codes()) {
    if (row.name == name) return row.code;
  }
  return TaskCode::InternalError;
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
  const auto end = service::parse_moment(json.value("EndTime", ""));
  out.end_time = end ? *end : begun;
  return out;
}

Json delivery_json(const Delivery& delivery) {
  return {{"Channel", delivery.channel},
          {"Target", delivery.target},
          {"Status", delivery.is_delivered ? "Delivered" : "Failed"},
          {"Attempts", delivery.attempts},
          {"Message", delivery.message}};
}

// The JSON of a result that no worker has made.
std::string bare_result(const BatchTask& task, TaskResult result) {
  result.task_id = task.id;
  result.start_time = now();
  result.end_time = result.start_time;
  if (const auto parsed = parse_task(task.definition)) result.user_data = parsed->user_data;
  return result_json(result);
}

// One worker's hold on a task.
class Work {
 public:
  Work(const BatchTask& task, const BatchWork& work, Moment begun)
      : task_(task), work_(work), begun_(begun) {}

  [[nodiscard]] std::optional<std::string> rolled_forward() const;
  void clean_up() const { server::remove_leftovers(entry(), work_.storage_root); }
  [[nodiscard]] Result<Outcome> convert(const Listener& listener) const;
  [[nodiscard]] Result<Outcome> end(const std::string& json) const;
  [[nodiscard]] Result<Outcome> tell(const std::string& json) const;

 private:
  [[nodiscard]] service::TaskEntry entry() const;
  [[nodiscard]] Json deliveries(const Json& result) const;

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
std::optional<std::string> Work::rolled_forward() const {
  const std::string journal = work_.state.journal(task_.id);
  if (!server::finish_publishing(entry(), {work_.storage_root, journal})) return {};
  constexpr std::size_t kMost = std::size_t{16} << 20;
  auto text = read_small_file(journal, kMost);
  return text ? std::optional(std::move(*text)) : std::nullopt;
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
  refused.code = code_named(outcome->code);
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
  Json result = Json::parse(json, nullptr, false);
  if (!result.is_object()) {
    return Error{ErrorCode::ReadFailed, "no result is in the state of " + task_.id, {}};
  }
  result["Deliveries"] = deliveries(result);
  std::string told = result.dump(2);
  if (Status status = work_.state.note_result(task_.id, told); !status) return status.error();
  return outcome_of(std::move(told));
}

Json Work::deliveries(const Json& result) const {
  Json out = Json::array();
  const auto task = parse_task(task_.definition);
  if (!task || (!task->topic && !task->webhook)) return out;
  const std::string digits = task_.id.substr(task_.id.find('-') + 1);
  StopSignal never;
  const Stores stores(setting_values({}), never);
  const TaskResult said = result_in(result, task_, begun_);
  const Telling telling{.name = task_.id, .json = message_json(*task, said, {digits, digits})};
  if (task->topic) {
    out.push_back(delivery_json(tell_topic(*task->topic, work_.storage_root, telling, stores)));
  }
  // A webhook that was refused gets nothing.
  const auto limits = limits_of(work_.limits);
  if (task->webhook && limits && check_task_schemes(*task, *limits)) {
    out.push_back(delivery_json(tell_webhook(*task->webhook, telling, stores)));
  }
  return out;
}

// Nobody else works at the task while `otherwise` does, and it has no end yet.
Result<Outcome> hold(const BatchTask& task, const BatchWork& work,
                     const std::function<Result<Outcome>(const Work&)>& otherwise) {
  if (auto result = work.state.result(task.id)) return outcome_of(std::move(*result));
  const auto lock = work.state.lock(task.id);
  if (!lock) return lock.error();
  if (auto result = work.state.result(task.id)) return outcome_of(std::move(*result));
  const auto begun = work.state.begun(task.id, now());
  if (!begun) return begun.error();
  const Work mine(task, work, *begun);
  if (const auto end = work.state.untold_result(task.id)) return mine.tell(*end);
  if (const auto result = mine.rolled_forward()) return mine.end(*result);
  mine.clean_up();
  return otherwise(mine);
}

}  // namespace

Result<Outcome> run_batch_task(const BatchTask& task, const BatchWork& work,
                               const Listener& listener) {
  return hold(task, work, [&](const Work& mine) { return mine.convert(listener); });
}

Result<Outcome> end_batch_task(const BatchTask& task, const BatchWork& work,
                               const TaskResult& result) {
  return hold(task, work, [&](const Work& mine) { return mine.end(bare_result(task, result)); });
}

}  // namespace anim::tools
