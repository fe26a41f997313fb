// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/skip_ahead.h"

#include <algorithm>

#include "gst/core/rational.h"
#include "gst/core/sampling.h"

namespace anim {

void SkipAhead::set_distance(Nanoseconds distance) {
  distance_ = distance;
  steady_frames_ = 0;
}

SkipAhead::Step SkipAhead::frame(Nanoseconds time, std::optional<Nanoseconds> next_sample) {
  Step step;
  step.is_steady = is_steady(time);
  if (!is_skipping()) ++steady_frames_;
  last_ = last_ ? std::max(*last_, time) : time;
  if (!step.is_steady || steady_frames_ < kFrames || !next_sample) return step;
  if (*next_sample == kForever) return step;
  const Nanoseconds deadline = *next_sample - margin();
  if (deadline <= time || (goal_ && deadline <= goal_->deadline)) return step;
  goal_ = Goal{deadline, *next_sample};
  step.deadline = deadline;
  return step;
}

Nanoseconds SkipAhead::margin() const {
  return std::max(kLeast, Nanoseconds(mul_div_floor(kFrames, distance_.count(), 1)));
}

// Whether frames may be missing after the newest one because the decoder was told so.
bool SkipAhead::is_skipping() const {
  return goal_ && last_ && *last_ < goal_->sample;
}

// A dropped frame makes two distances; pulldown (2 and 3 fields by turns) makes 1.2.
bool SkipAhead::is_steady(Nanoseconds time) const {
  if (!last_) return true;
  if (!is_skipping()) return time - *last_ <= distance_ + distance_ / 2;
  // The sample needs a frame from the deadline on. If there is none, its frame may be lost.
  return *last_ >= goal_->deadline || time <= goal_->sample + kRounding;
}

}  // namespace anim
