// SPDX-License-Identifier: LGPL-2.1-or-later
// What the bin tells the application while it works: phases, progress, the result.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include <gst/gst.h>

#include "gst/core/task_result.h"

namespace anim {

/// Posts GST_MESSAGE_PROGRESS of `type` for the phase `code` ("open", "sample", "encode", "store").
void post_phase(GstElement* element, GstProgressType type, const char* code, const char* text);

/// Posts the element message `animtask-result`: status, code, message, result (JSON).
void post_result(GstElement* element, const TaskResult& result, const std::string& json);

/// Counts samples and posts element messages `progress`, at most ten a second. Thread-safe.
class ProgressMeter {
 public:
  explicit ProgressMeter(GstElement* element) : element_(element) {}

  /// How many samples there will be; unknown where nobody can say.
  void expect(std::optional<std::uint64_t> total) { total_ = total; }

  /// One more sample.
  void step();

  /// All is done: 100 percent of what was counted.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] bool is_due();
  void post(double percent, std::int64_t current, std::int64_t total);

  GstElement* element_;
  std::optional<std::uint64_t> total_;
  std::atomic<std::uint64_t> current_ = 0;
  std::mutex mutex_;  // guards last_
  Clock::time_point last_;
};

}  // namespace anim
