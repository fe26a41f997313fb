// SPDX-License-Identifier: LGPL-2.1-or-later
// What became of a task, from how its worker ended and what it said.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gst/core/task_result.h"

namespace anim::service {

/// What one worker may take.
struct WorkerLimits {
  std::uint64_t memory = std::uint64_t{4} << 30;  ///< bytes of its own that it may write to
  std::chrono::seconds cpu{2 * 60 * 60};          ///< of all its threads together
  std::chrono::seconds wall{2 * 60 * 60};
};

/// How a worker ended.
struct WorkerReport {
  std::optional<int> signal = {};   ///< that ended it
  int exit_status = 0;              ///< without a signal
  bool is_out_of_time = false;      ///< it was ended for its wall time
  bool is_too_long = false;         ///< it was ended as it wrote more than any result has
  std::string output = {};          ///< standard output: a result in JSON
  std::string last_complaint = {};  ///< the last line that it said on standard error
};

/// What became of the task: what the result says, or why there is none.
[[nodiscard]] TaskResult result_of(const WorkerReport& report, const WorkerLimits& limits);

/// Of a worker that a signal ended.
[[nodiscard]] std::string signal_text(int signal, const WorkerLimits& limits);

/// What the result (JSON, docs/task.md) of a worker says: its code, message, warnings, counts,
/// and of outputs URI, frames, bytes and MD5. Nothing when it is none.
[[nodiscard]] std::optional<TaskResult> parse_result(std::string_view json);

/// A worker's line on standard error, "gst-animate-1.0: …", without its name.
[[nodiscard]] std::string bare_complaint(const std::string& line);

/// The percents of a line of progress, "50 % (30 of 60 frames)"; nothing for any other line.
[[nodiscard]] std::optional<int> percent_in(std::string_view line);

/// The percents of the last such line of a text; 0 before there is one.
[[nodiscard]] int last_percent_in(std::string_view text);

}  // namespace anim::service
