// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/frame_times.h"

#include <algorithm>

namespace anim {

Nanoseconds FrameTimes::add(std::optional<Nanoseconds> start, std::optional<Nanoseconds> duration) {
  const Nanoseconds begin = std::max(start.value_or(end()), last_.value_or(Nanoseconds(0)));
  previous_ = last_;
  last_ = begin;
  duration_ = duration;
  return begin;
}

void FrameTimes::hold_until(Nanoseconds end) {
  if (last_) held_until_ = std::max(held_until_, end);
}

Nanoseconds FrameTimes::end() const {
  if (!last_) return Nanoseconds(0);
  const Nanoseconds fallback = nominal_.value_or(kFallback);
  return std::max(held_until_, end_of_last_frame(*last_, duration_, previous_, fallback));
}

}  // namespace anim
