// SPDX-License-Identifier: LGPL-2.1-or-later
// What somebody asks for, and the clip that it means.
#pragma once

#include <optional>
#include <string>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/timing.h"
#include "plugins/animclip/clip.h"
#include "plugins/animclip/settings.h"

namespace anim {

/// As the action signal and the event say it. Times are ns; GST_CLOCK_TIME_NONE where nothing is
/// said.
struct Trigger {
  std::string location{};                           ///< a template; empty: the property's
  GstClockTime running_time = GST_CLOCK_TIME_NONE;  ///< NONE: now
  GstClockTime pre_roll = GST_CLOCK_TIME_NONE;      ///< NONE: the property's
  GstClockTime post_roll = GST_CLOCK_TIME_NONE;     ///< NONE: the property's
};

/// The event `animclip-capture`; nothing for another one.
[[nodiscard]] std::optional<Trigger> trigger_of(const GstEvent* event);

/// Checks the property `location` before any trigger. InvalidArgument.
[[nodiscard]] Status check_location(const std::string& location);

/// The clip `id` around `time`, made at this moment. InvalidArgument where the location is wrong;
/// LimitExceeded for a time more than an hour after `now`.
[[nodiscard]] Result<Clip> clip_of(const Trigger& trigger, const ClipSettings& settings,
                                   const AnimationRequest& look, guint id, Nanoseconds time,
                                   Nanoseconds now);

}  // namespace anim
