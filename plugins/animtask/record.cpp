// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/record.h"

#include <utility>

#include "gst/core/error.h"
#include "gst/core/rational.h"
#include "gst/core/text.h"
#include "gst/core/timing.h"
#include "gst/glue/handle.h"
#include "gst/glue/report.h"
#include "plugins/animtask/messages.h"
#include "plugins/animtask/notification.h"

namespace anim {
namespace {

constexpr std::size_t kMaxWarnings = 50;

std::string seconds_text(Nanoseconds time) {
  constexpr std::int64_t kMillisecond = 1'000'000;
  return readable(Rational(mul_div_round(time.count(), 1, kMillisecond), 1000)) + " s";
}

Moment now() {
  return Moment(g_get_real_time() / 1000);
}

std::string uuid() {
  const auto text = glue::adopt(g_uuid_string_random());
  return text.get();
}

}  // namespace

std::string new_task_id() {
  return "MediaConvert-" + uuid();
}

TaskRecord::TaskRecord(GstElement* element, const Task& task, std::string task_id,
                       std::string storage_root, const Stores& stores)
    : element_(element), task_(task), storage_root_(std::move(storage_root)), stores_(stores) {
  result_.task_id = std::move(task_id);
  result_.start_time = now();
  result_.user_data = task.user_data;
  result_.ignored = task.ignored;
}

void TaskRecord::begin_phase(const char* code, const char* text) {
  phases_.push_back(code);
  post_phase(element_, GST_PROGRESS_TYPE_START, code, text);
}

void TaskRecord::end_phases(GstProgressType type, const char* text) {
  for (const char* code : phases_) post_phase(element_, type, code, text);
  phases_.clear();
}

void TaskRecord::warn(const std::string& text) {
  {
    const std::lock_guard lock(mutex_);
    result_.warnings.push_back(text);
  }
  glue::post_warning(element_, {ErrorCode::InvalidArgument, text, {}});
}

void TaskRecord::warn_of_shortfall(const std::string& uri, const Extent::Shortfall& extent) {
  warn(in_quotes(uri) + " states a length of " + seconds_text(extent.stated) +
       ", but its video ends after " + seconds_text(extent.reached) +
       "; another track is longer, or the file was cut off");
}

void TaskRecord::note_warning(GstMessage* message) {
  GError* raw = nullptr;
  gst_message_parse_warning(message, &raw, nullptr);
  const auto warning = glue::adopt(raw);
  const std::lock_guard lock(mutex_);
  if (result_.warnings.size() < kMaxWarnings) result_.warnings.emplace_back(warning->message);
}

std::vector<std::string> TaskRecord::warnings() const {
  return copy().warnings;
}

void TaskRecord::note_outputs(std::vector<OutputResult> outputs) {
  const std::lock_guard lock(mutex_);
  result_.outputs = std::move(outputs);
}

std::string TaskRecord::success_json(const std::vector<OutputResult>& outputs) const {
  TaskResult result = copy();
  result.outputs = outputs;
  result.end_time = now();
  return result_json(result);
}

void TaskRecord::note_failure(const Failure& failure, std::vector<std::string> published) {
  const std::lock_guard lock(mutex_);
  result_.code = failure.code;
  result_.message = failure.error.message;
  result_.published = std::move(published);
}

void TaskRecord::note_source(const SourceCounts& counts) {
  const std::lock_guard lock(mutex_);
  result_.decoded_frames = counts.decoded_frames;
  result_.skipped_units = counts.skipped_units;
  result_.bytes_read = counts.bytes_read;
}

void TaskRecord::conclude(const std::function<void(const std::string&)>& take) {
  {
    const std::lock_guard lock(mutex_);
    result_.end_time = now();
  }
  notify();
  const TaskResult result = copy();
  const std::string json = result_json(result);
  take(json);
  post_result(element_, result, json);
}

TaskResult TaskRecord::copy() const {
  const std::lock_guard lock(mutex_);
  return result_;
}

// A message that does not arrive fails no task whose outputs are there.
void TaskRecord::notify() {
  if (!task_.topic && !task_.webhook) return;
  const TaskResult result = copy();
  const Telling telling{.name = std::to_string(result.end_time.count()) + "-" + result.task_id,
                        .json = message_json(task_, result, {uuid(), uuid()}),
                        .hurry = stores_.stop_signal().is_stopped()};
  if (task_.topic) note_delivery(tell_topic(*task_.topic, storage_root_, telling, stores_));
  if (task_.webhook) note_delivery(tell_webhook(*task_.webhook, telling, stores_));
}

void TaskRecord::note_delivery(Delivery delivery) {
  if (!delivery.is_delivered) {
    warn((delivery.channel == "Folder" ? "the message for the topic was not written: "
                                       : "the message did not reach the " + delivery.channel + " " +
                                             delivery.target + ": ") +
         delivery.message);
  }
  const std::lock_guard lock(mutex_);
  result_.deliveries.push_back(std::move(delivery));
}

}  // namespace anim
