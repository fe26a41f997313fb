// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/settings.h"

#include "gst/glue/clock_time.h"

namespace anim {

SamplingPlan SamplingSettings::plan() const {
  const bool keys_alone = mode == SamplerMode::Key;
  const auto period = Nanoseconds(keys_alone ? 0 : static_cast<std::int64_t>(interval));
  const Rational normal(1);
  SamplingPlan plan = SamplingPlan::from(period, keys_alone ? Rational(0) : rate, frame_rate,
                                         speed.is_zero() ? normal : speed);
  plan.keys_alone = keys_alone;
  plan.start = Nanoseconds(static_cast<std::int64_t>(start_time));
  plan.stop = time_or_none(stop_time).value_or(kForever);
  plan.max_samples = max_frames;
  return plan;
}

}  // namespace anim
