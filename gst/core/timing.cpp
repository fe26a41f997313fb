// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/timing.h"

#include "gst/core/rational.h"

namespace anim {

Ticks TickGrid::at(Nanoseconds time) {
  if (!origin_) origin_ = time;
  return mul_div_round((time - *origin_).count(), per_second_, kSecond);
}

Status check_parts(Ticks parts) {
  constexpr Ticks kMostParts = 1000;  // a week in GIF, half a year in WebP
  if (parts <= kMostParts) return success();
  return Error{ErrorCode::LimitExceeded,
               "a frame would be shown for days: the timestamps of the video jump; an animated "
               "image cannot hold such a pause",
               {}};
}

Nanoseconds end_of_last_frame(Nanoseconds last, std::optional<Nanoseconds> duration,
                              std::optional<Nanoseconds> previous, Nanoseconds fallback) {
  if (duration && duration->count() > 0) return last + *duration;
  if (previous && *previous < last) return last + (last - *previous);
  return last + fallback;
}

}  // namespace anim
