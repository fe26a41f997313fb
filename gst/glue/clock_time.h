// SPDX-License-Identifier: LGPL-2.1-or-later
// GStreamer's unsigned times as core's signed ones, and back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include <gst/gst.h>

#include "gst/core/timing.h"

namespace anim {

/// A stream may say anything. What is later (73 years: a clock that counts from 1970 is believed)
/// or longer (18 years) is not taken for a time, so that sums of a few times stay in range.
inline constexpr Nanoseconds kLatest = Nanoseconds::max() / 4;
inline constexpr Nanoseconds kLongest = Nanoseconds::max() / 16;

/// Nothing for GST_CLOCK_TIME_NONE and what is later than kLatest.
[[nodiscard]] inline std::optional<Nanoseconds> time_or_none(GstClockTime time) {
  if (time > static_cast<GstClockTime>(kLatest.count())) return std::nullopt;
  return Nanoseconds(static_cast<std::int64_t>(time));
}

/// Nothing for GST_CLOCK_TIME_NONE and what is longer than kLongest.
[[nodiscard]] inline std::optional<Nanoseconds> length_or_none(GstClockTime length) {
  if (length > static_cast<GstClockTime>(kLongest.count())) return std::nullopt;
  return Nanoseconds(static_cast<std::int64_t>(length));
}

/// 0 for a time before 0.
[[nodiscard]] inline GstClockTime clock_time(Nanoseconds time) {
  return static_cast<GstClockTime>(std::max<std::int64_t>(time.count(), 0));
}

}  // namespace anim
