// SPDX-License-Identifier: LGPL-2.1-or-later
// How much a task may take, as whoever runs it allows: checked against the task and its plan before
// any work, and worded here for what only shows while it runs.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/geometry.h"
#include "gst/core/plan.h"
#include "gst/core/task.h"
#include "gst/core/timing.h"

namespace anim {

/// What URIs can be of: "path" is a plain path, "stdin" is "-".
inline constexpr auto kUriSchemes =
    std::to_array<std::string_view>({"oss", "s3", "http", "https", "file", "path", "stdin"});

/// The limits of a task. 0 = no limit.
struct TaskLimits {
  std::uint64_t frames = 100'000;      ///< samples of one animation
  std::uint64_t pixels = 100'000'000;  ///< of one source picture; of all canvases together
  Nanoseconds duration = std::chrono::hours(24);  ///< of the task's timeline
  std::uint64_t output_bytes = std::uint64_t{1} << 30;
  Nanoseconds timeout = std::chrono::hours(6);  ///< wall clock
  std::vector<std::string> schemes{kUriSchemes.begin(), kUriSchemes.end()};
};

/// "oss,https,path" as its names, every one of kUriSchemes. InvalidArgument for another.
[[nodiscard]] Result<std::vector<std::string>> schemes_of(std::string_view text);

/// Refuses the place `uri` of the JSON field `path` with InvalidArgument when its scheme is not
/// allowed.
[[nodiscard]] Status check_scheme(const std::string& path, std::string_view uri,
                                  const TaskLimits& limits);

/// check_scheme() of every source, and of the webhook.
[[nodiscard]] Status check_task_schemes(const Task& task, const TaskLimits& limits);

/// Takes the plans of a task's animations one after another. LimitExceeded for the first that has
/// too many frames, or with which the canvases hold too many pixels.
class PlanBudget {
 public:
  explicit PlanBudget(const TaskLimits& limits) : limits_(limits) {}
  [[nodiscard]] Status take(const AnimationRequest& request, const OutputPlan& plan);

 private:
  const TaskLimits& limits_;
  std::uint64_t pixels_ = 0;
};

/// LimitExceeded when the timeline is too long.
[[nodiscard]] Status check_timeline(Nanoseconds length, const TaskLimits& limits);

/// LimitExceeded when the pictures of the source `path` ("/Sources/0") have too many pixels.
[[nodiscard]] Status check_picture(const std::string& path, Size size, const TaskLimits& limits);

// LimitExceeded of what no plan knows before.
[[nodiscard]] Error too_many_frames(const AnimationRequest& request, const TaskLimits& limits);
[[nodiscard]] Error timeline_too_long(const TaskLimits& limits);
[[nodiscard]] Error output_too_large(const AnimationRequest& request, std::string_view uri,
                                     const TaskLimits& limits);
[[nodiscard]] Error took_too_long(const TaskLimits& limits);

}  // namespace anim
