// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/settings.h"

#include "plugins/animsampling/clock_time.h"

namespace anim {

SamplingPlan SamplingSettings::plan() const {
  SamplingPlan plan =
      SamplingPlan::from(Nanoseconds(static_cast<std::int64_t>(interval)), rate, frame_rate);
  plan.start = Nanoseconds(static_cast<std::int64_t>(start_time));
  plan.stop = time_or_none(stop_time).value_or(kForever);
  plan.max_samples = max_frames;
  return plan;
}

}  // namespace anim
