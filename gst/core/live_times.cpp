// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/live_times.h"

#include <algorithm>

namespace anim {

bool LiveTimes::jumps_to(Nanoseconds time, std::optional<Nanoseconds> decode_time,
                         std::optional<Nanoseconds> now) const {
  if (now && time > *now + kAhead) return !newest_ || time > *newest_ + kAhead;
  if (!newest_) return false;
  if (!now && time - kPause > *newest_) return true;
  if (decode_time && newest_decode_ && *decode_time < *newest_decode_ - kDecodingBack) return true;
  return time < *newest_ - kBack;
}

Nanoseconds LiveTimes::shift(Nanoseconds time, std::optional<Nanoseconds> decode_time,
                             std::optional<Nanoseconds> now) {
  if (decode_time) *decode_time += shift_;
  if (jumps_to(time + shift_, decode_time, now)) {
    const Nanoseconds next = newest_ ? *newest_ + distance_ : Nanoseconds(0);
    const Nanoseconds change = std::max(next, now.value_or(next)) - (time + shift_);
    shift_ += change;
    if (decode_time) *decode_time += change;
    ++jumps_;
  }
  time += shift_;
  if (newest_ && time > *newest_) distance_ = std::min(time - *newest_, Nanoseconds(kSecond));
  newest_ = std::max(newest_.value_or(time), time);
  newest_decode_ = decode_time;
  return shift_;
}

}  // namespace anim
