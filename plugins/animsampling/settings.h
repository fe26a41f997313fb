// SPDX-License-Identifier: LGPL-2.1-or-later
// What intervalsampler's properties hold, and the plan they make.
#pragma once

#include <cstdint>

#include <gst/gst.h>

#include "gst/core/rational.h"
#include "gst/core/sampling.h"
#include "gst/glue/property.h"

namespace anim {

/// What the samples of a sampler are.
enum class SamplerMode {
  Interval,  ///< the frames on screen at regular moments, or every frame
  Key,       ///< the random access points
};

/// One member for each property of the same name; times in ns.
struct SamplingSettings {
  std::uint64_t interval = 0;
  Rational rate = 0;
  Rational frame_rate = 0;
  Rational speed = 1;
  SamplerMode mode = SamplerMode::Interval;
  std::uint64_t max_frames = 0;
  std::uint64_t start_time = 0;
  std::uint64_t stop_time = GST_CLOCK_TIME_NONE;
  bool eos_upstream = true;
  bool retime = true;
  bool skip_decoding = false;

  [[nodiscard]] SamplingPlan plan() const;
};

}  // namespace anim

template <>
struct anim::glue::EnumInfo<anim::SamplerMode> {
  static constexpr const char* kTypeName = "GstIntervalSamplerMode";
  static constexpr GEnumValue kValues[] = {
      {static_cast<int>(SamplerMode::Interval), "The frames on screen at regular moments",
       "interval"},
      {static_cast<int>(SamplerMode::Key), "Random access points, as a samplegate tells them",
       "key"},
      {0, nullptr, nullptr}};
};
