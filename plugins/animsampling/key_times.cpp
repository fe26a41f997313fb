// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/key_times.h"

#include <algorithm>

#include "gst/core/sampling.h"
#include "plugins/animsampling/key_events.h"

namespace anim {

bool KeyTimes::take(GstEvent* event, const InputSegment& segment) {
  if (const auto told = end_time(event)) {
    end_ = std::max(end_, *told);
    return true;
  }
  if (!is_random_access_event(event)) return false;
  are_told_ = true;
  const auto timestamp = random_access_timestamp(event);
  const auto time = timestamp ? segment.running_time(*timestamp) : std::nullopt;
  if (time) times_.insert(*time);
  return true;
}

bool KeyTimes::frame(Nanoseconds time, Nanoseconds end) {
  end_ = std::max(end_, end);
  times_.erase(times_.begin(), times_.lower_bound(time - kRounding));
  return !times_.empty() && *times_.begin() <= time + kRounding;
}

}  // namespace anim
