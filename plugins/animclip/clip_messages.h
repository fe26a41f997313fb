// SPDX-License-Identifier: LGPL-2.1-or-later
// What the sink tells the application of its clips, as element messages.
#pragma once

#include <cstdint>
#include <optional>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "plugins/animclip/clip.h"

namespace anim {

/// `animclip-started` {id, location, running-time}.
void post_started(GstElement* element, const Clip& clip);

/// `animclip-progress` {id, percent, frames}. Without an `expected` number of frames -1 percent.
void post_progress(GstElement* element, const Clip& clip, std::uint64_t frames,
                   std::optional<std::uint64_t> expected);

/// `animclip-done` {id, location, first-stream-time, last-stream-time, frames, bytes,
/// first-wall-time, truncated}.
void post_done(GstElement* element, const Clip& clip, const ClipReport& report, bool is_truncated);

/// `animclip-failed` {id, location, error}.
void post_failed(GstElement* element, const Clip& clip, const Error& error);

}  // namespace anim
