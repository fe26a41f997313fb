// SPDX-License-Identifier: LGPL-2.1-or-later
// Streaming threads that stand back for others.
#pragma once

#include <gst/gst.h>

#include "gst/glue/handle.h"

namespace anim {

/// Lowers the priority of the calling thread, and of the threads that it makes, by `niceness`
/// (0 to 19, nice(2)). There is no way back without privileges, so only for threads of our own.
void stand_back(int niceness);

/// From now on the streaming threads of `pipeline` are such threads, not those of GStreamer's
/// pool, which other pipelines get afterwards. Takes the place of the bus's sync handler.
void run_in_background(GstElement* pipeline, int niceness);

}  // namespace anim
