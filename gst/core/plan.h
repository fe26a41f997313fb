// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan: what each animation of a task means for the source that was found: which samples, what
// size, how many frames.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/geometry.h"
#include "gst/core/rational.h"
#include "gst/core/task.h"
#include "gst/core/timing.h"

namespace anim {

/// What is known of a source, whole or trimmed to its StartTime and Duration, or of the timeline.
struct SourceFacts {
  Size size;                           ///< the upright picture in square pixels
  std::optional<Rational> frame_rate;  ///< of a constant frame rate; absent: variable or unknown
  std::optional<Nanoseconds> length;   ///< absent: unknown
  bool may_be_interlaced = false;
  bool has_alpha = false;
};

/// Seconds as nanoseconds, to the nearest; the largest value when they do not fit.
[[nodiscard]] Nanoseconds to_nanoseconds(Rational seconds);

/// The length of the timeline that `source` leaves of `whole`: a Duration past the end is clamped.
/// OutOfRange when its StartTime is at or after the end.
[[nodiscard]] Result<Nanoseconds> trimmed_length(const TaskSource& source, Nanoseconds whole);

/// Settings of intervalsampler on the task's timeline, where 0 is the trimmed source's beginning.
/// At most one of `interval` and `rate` is set; neither: every frame.
struct SamplePlan {
  Nanoseconds start{0};         ///< start-time
  Nanoseconds interval{0};      ///< exact in nanoseconds; 0 = not set
  Rational rate{0};             ///< samples a second, where nanoseconds are not exact; 0 = not set
  Rational frame_rate{0};       ///< frame-rate; 0 = the source's speed
  Rational speed{1};            ///< speed
  std::uint64_t max_frames{0};  ///< 0 = no limit
  bool keys_alone = false;      ///< mode=key; neither `interval` nor `rate` then
};

/// The settings for `request` as it is written: an Interval below the source's frame distance is
/// still there. `length` is the timeline's; without it Mode even has neither `interval` nor `rate`.
[[nodiscard]] SamplePlan sample_plan(const AnimationRequest& request,
                                     std::optional<Nanoseconds> length);

/// Settings of fitscale: 0 = source, (0,1] ratio, > 1 pixels, −1 follows the other side.
struct ScalePlan {
  double width = 0;
  double height = 0;
  ScaleType type = ScaleType::Stretch;
  std::uint32_t background = 0xFF000000;  ///< 0xAARRGGBB
};

/// What one animation becomes.
struct OutputPlan {
  SamplePlan sample;
  ScalePlan scale;
  Size size;                            ///< of the animated image
  std::optional<std::uint64_t> frames;  ///< shown in one play; an estimate when every one is taken
  std::optional<Nanoseconds> duration;  ///< of one play
  std::vector<std::string> warnings;    ///< begin with the JSON path
};

/// Whether a rate that a container states is that of every frame. MP4 and MOV state none; the
/// demuxer then says the mean, and the mean of a variable rate is hardly ever one of the rates that
/// cameras and editors use: whole, n·1000/1001 (also as a decimal), 12.5 and
/// 7.5.
[[nodiscard]] bool is_constant_rate(Rational stated);

/// What `request` means for `source`. OutOfRange when its StartTime is at or after the end of the
/// timeline; InvalidArgument when the format cannot hold the size, which is as fitscale makes it,
/// or a frame would be shown for longer than a week; Unsupported when Mode even is asked for and
/// the length is not known.
[[nodiscard]] Result<OutputPlan> plan_output(const AnimationRequest& request,
                                             const SourceFacts& source);

}  // namespace anim
