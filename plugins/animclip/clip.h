// SPDX-License-Identifier: LGPL-2.1-or-later
// One capture: what was asked for, and what became of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <gst/gst.h>

#include "gst/core/task.h"
#include "gst/core/timing.h"

namespace anim {

/// The clip of [from, to] in running time, both ends included.
struct Clip {
  guint id = 0;
  std::string place;      ///< a path
  AnimationRequest look;  ///< without a place
  Nanoseconds trigger{0};
  Nanoseconds from{0};
  Nanoseconds to{0};
  int niceness = 0;
  std::shared_ptr<std::atomic<bool>> is_cancelled = std::make_shared<std::atomic<bool>>(false);
};

/// A finished clip.
struct ClipReport {
  std::string place;  ///< where it is
  GstClockTime first_stream_time = GST_CLOCK_TIME_NONE;
  GstClockTime last_stream_time = GST_CLOCK_TIME_NONE;
  std::int64_t first_wall_time = 0;  ///< ns since the Unix epoch
  std::uint64_t frames = 0;          ///< samples shown
  std::uint64_t bytes = 0;
};

}  // namespace anim
