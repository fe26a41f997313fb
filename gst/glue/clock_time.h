// SPDX-License-Identifier: LGPL-2.1-or-later
// GStreamer's unsigned times as core's signed ones, and back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include <gst/gst.h>

#include "gst/core/timing.h"

namespace anim {

/// Nothing for GST_CLOCK_TIME_NONE and what is too late for a signed time.
[[nodiscard]] inline std::optional<Nanoseconds> time_or_none(GstClockTime time) {
  if (!GST_CLOCK_TIME_IS_VALID(time) || time > G_MAXINT64) return std::nullopt;
  return Nanoseconds(static_cast<std::int64_t>(time));
}

/// 0 for a time before 0.
[[nodiscard]] inline GstClockTime clock_time(Nanoseconds time) {
  return static_cast<GstClockTime>(std::max<std::int64_t>(time.count(), 0));
}

}  // namespace anim
