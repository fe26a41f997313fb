// SPDX-License-Identifier: LGPL-2.1-or-later
// What the samplegate before the decoder is told of a task: the union of what its animations want.
#pragma once

#include <cstdint>

#include <gst/gst.h>

#include "gst/core/chain.h"
#include "gst/core/task.h"
#include "gst/core/timeline.h"

namespace anim {

/// Units that `gate` was given and has not passed on, in its latest run.
[[nodiscard]] std::uint64_t units_left_out(GstElement* gate);

/// Sets `wanted` and `keep-end` of the `gate` of a source whose `part` counts. `is_measured`:
/// another part follows, and begins where this one turns out to end. Something must be wanted
/// (is_wanted()).
void set_wanted(GstElement* gate, const Task& task, const TimelinePart& part,
                const StreamFacts& stream, bool is_measured);

/// The same of a source of which only the first picture is to be seen.
void want_first_picture(GstElement* gate);

}  // namespace anim
