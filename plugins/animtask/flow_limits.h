// SPDX-License-Identifier: LGPL-2.1-or-later
// Watches what flows through pads for what no plan knows before: how large pictures, how long
// videos and how big files turn out to be.
#pragma once

#include <cstdint>
#include <functional>

#include <gst/gst.h>

#include "gst/core/geometry.h"
#include "gst/core/timing.h"

namespace anim {

/// Calls `check` with the size of the pictures that caps on `pad` state, now and later. When it
/// says no, nothing passes any more.
void watch_pictures(GstPad* pad, std::function<bool(Size)> check);

/// Calls `excess` once, from the streaming thread, when a picture on `pad` is `most` or more after
/// the first one. Does nothing for 0.
void watch_timeline(GstPad* pad, Nanoseconds most, std::function<void()> excess);

/// Calls `excess` once, from the streaming thread, before the file that `sink` writes is larger
/// than `most` bytes; nothing passes any more then. Does nothing for 0.
void watch_file(GstElement* sink, std::uint64_t most, std::function<void()> excess);

}  // namespace anim
