// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/reorder_horizon.h"

#include <algorithm>

namespace anim {

void ReorderHorizon::pass(Nanoseconds time) {
  passed_ = std::max(passed_.value_or(time), time);
}

void ReorderHorizon::believe(Nanoseconds time, std::optional<Nanoseconds> decode_time) {
  if (!decode_time) return;
  const bool goes_back = last_decode_ && *decode_time < *last_decode_;
  const bool comes_late = *decode_time > time || (passed_ && time <= *passed_);
  if (goes_back || comes_late) believes_ = false;
  last_decode_ = decode_time;
  if (believes_) pass(*decode_time - Nanoseconds(1));
}

void ReorderHorizon::add(Nanoseconds time, std::optional<Nanoseconds> decode_time,
                         bool begins_closed) {
  believe(time, decode_time);
  if (begins_closed) pass(time - Nanoseconds(1));
  latest_.insert(time);
  if (latest_.size() <= limit_) return;
  if (latest_.size() > limit_ + 1) latest_.erase(latest_.begin());
  pass(*latest_.begin() - Nanoseconds(1));
}

}  // namespace anim
