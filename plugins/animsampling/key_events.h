// SPDX-License-Identifier: LGPL-2.1-or-later
// How a samplegate tells an intervalsampler with mode=key which frames are random access points.
// Decoders carry these events downstream in order with the frames, and nobody else minds them.
//
//   anim-random-access                    such events will come; before the first unit
//   anim-random-access, timestamp=...     the frame of that PTS is one; before its unit
//   still frame, anim-end-time=...        the last frame stays until that running time; before EOS
//
// The first two are sticky: what is linked when the first frame is there still gets them. The last
// one is a still frame because a decoder would hold any other event back for a frame that never
// comes.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "gst/core/timing.h"
#include "gst/glue/handle.h"

namespace anim {

[[nodiscard]] glue::Owned<GstEvent> new_random_access_event();
[[nodiscard]] glue::Owned<GstEvent> new_random_access_event(GstClockTime timestamp);
[[nodiscard]] glue::Owned<GstEvent> new_end_event(Nanoseconds running_time);

[[nodiscard]] bool is_random_access_event(GstEvent* event);

/// The PTS that such an event tells, which counts in the segment before it; nothing when it tells
/// none.
[[nodiscard]] std::optional<GstClockTime> random_access_timestamp(GstEvent* event);
/// The time that an end event tells; nothing for any other event.
[[nodiscard]] std::optional<Nanoseconds> end_time(GstEvent* event);

}  // namespace anim
