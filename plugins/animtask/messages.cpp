// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/messages.h"

#include <algorithm>

namespace anim {
namespace {

constexpr std::chrono::milliseconds kBetweenPosts{100};
constexpr double kAll = 100;
// The estimate may be short by a frame or two: only the end is 100 percent.
constexpr double kAlmostAll = 99;

}  // namespace

void post_phase(GstElement* element, GstProgressType type, const char* code, const char* text) {
  gst_element_post_message(element,
                           gst_message_new_progress(GST_OBJECT(element), type, code, text));
}

void post_result(GstElement* element, const TaskResult& result, const std::string& json) {
  const std::string code(to_string(result.code));
  GstStructure* structure = gst_structure_new(
      "animtask-result", "status", G_TYPE_STRING, code.empty() ? "Succeeded" : "Failed", "code",
      G_TYPE_STRING, code.c_str(), "message", G_TYPE_STRING, result.message.c_str(), "result",
      G_TYPE_STRING, json.c_str(), nullptr);
  gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), structure));
}

bool ProgressMeter::is_due() {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (now - last_ < kBetweenPosts) return false;
  last_ = now;
  return true;
}

void ProgressMeter::step() {
  const std::uint64_t current = ++current_;
  if (!is_due()) return;
  if (!total_ || *total_ == 0) {
    post(-1, static_cast<std::int64_t>(current), -1);
    return;
  }
  const double percent = kAll * static_cast<double>(current) / static_cast<double>(*total_);
  post(std::min(percent, kAlmostAll), static_cast<std::int64_t>(current),
       static_cast<std::int64_t>(std::max(*total_, current)));
}

void ProgressMeter::finish() {
  const auto current = static_cast<std::int64_t>(current_.load());
  post(kAll, current, current);
}

void ProgressMeter::post(double percent, std::int64_t current, std::int64_t total) {
  GstStructure* structure =
      gst_structure_new("progress", "percent", G_TYPE_INT, static_cast<gint>(percent),
                        "percent-double", G_TYPE_DOUBLE, percent, "current", G_TYPE_INT64, current,
                        "total", G_TYPE_INT64, total, "format", G_TYPE_STRING, "frames", nullptr);
  gst_element_post_message(element_, gst_message_new_element(GST_OBJECT(element_), structure));
}

}  // namespace anim
