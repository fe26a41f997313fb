// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/timing.h"

#include "gst/core/rational.h"

namespace anim {

Ticks TickGrid::at(Nanoseconds time) {
  if (!origin_) origin_ = time;
  return mul_div_round((time - *origin_).count(), per_second_, kSecond);
}

Nanoseconds end_of_last_frame(Nanoseconds last, std::optional<Nanoseconds> duration,
                              std::optional<Nanoseconds> previous, Nanoseconds fallback) {
  if (duration && duration->count() > 0) return last + *duration;
  if (previous && *previous < last) return last + (last - *previous);
  return last + fallback;
}

}  // namespace anim
