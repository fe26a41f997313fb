// SPDX-License-Identifier: LGPL-2.1-or-later
// What samplegate's properties hold, and the plans they make.
#pragma once

#include <cstdint>
#include <vector>

#include <gst/gst.h>

#include "gst/core/frame_demand.h"
#include "gst/core/rational.h"
#include "gst/core/sampling.h"
#include "plugins/animsampling/settings.h"

namespace anim {

/// One member for each property of the same name; times in ns.
struct GateSettings {
  std::uint64_t interval = 0;
  Rational rate = 0;
  std::uint64_t max_frames = 0;
  std::uint64_t start_time = 0;
  std::uint64_t stop_time = GST_CLOCK_TIME_NONE;
  SamplerMode mode = SamplerMode::Interval;
  std::uint64_t keep_end = GST_CLOCK_TIME_NONE;
  bool seek_gaps = false;
  std::vector<SamplingSettings> wanted{};  ///< instead of the others, when it is not empty

  /// What all samplers want together.
  [[nodiscard]] FrameDemand demand(Zero zero) const;
  /// Whether some sampler wants random access points.
  [[nodiscard]] bool wants_keys() const;

 private:
  [[nodiscard]] std::vector<SamplingPlan> plans() const;
};

/// The samplers that a GstValueArray of structures describes; fields have the names and types of
/// intervalsampler's properties, the mode as a string. One that is not understood wants every
/// frame, and is warned of.
[[nodiscard]] std::vector<SamplingSettings> samplers_of(const GValue* array);

/// The reverse, into `array`, an initialised GST_TYPE_ARRAY.
void put_samplers(GValue* array, const std::vector<SamplingSettings>& samplers);

}  // namespace anim
