// SPDX-License-Identifier: LGPL-2.1-or-later
// What intervalsampler's properties hold, and the plan they make.
#pragma once

#include <cstdint>

#include <gst/gst.h>

#include "gst/core/rational.h"
#include "gst/core/sampling.h"

namespace anim {

/// One member for each property of the same name; times in ns.
struct SamplingSettings {
  std::uint64_t interval = 0;
  Rational rate = 0;
  Rational frame_rate = 0;
  std::uint64_t max_frames = 0;
  std::uint64_t start_time = 0;
  std::uint64_t stop_time = GST_CLOCK_TIME_NONE;
  bool eos_upstream = true;
  bool retime = true;
  bool skip_decoding = false;

  [[nodiscard]] SamplingPlan plan() const;
};

}  // namespace anim
