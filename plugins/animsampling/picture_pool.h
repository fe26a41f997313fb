// SPDX-License-Identifier: LGPL-2.1-or-later
// A pool for the pictures of a decoder that keeps what it gives out as references: no copy is made
// of them.
//
// libavcodec's decoders have each picture mapped for writing as long as it is a reference, so that
// GstVideoDecoder (1.22) copies all pixels when it gives the picture out: memory that is mapped for
// writing cannot be shared. A decoder writes a picture once, before it gives it out. The buffers of
// this pool are therefore mapped for reading alone while nobody shares them; after that they follow
// GStreamer's own rules: who writes to a buffer that shares memory gets a copy, and memory that is
// shared does not go back into the pool.
#pragma once

#include <gst/gst.h>

#include "gst/glue/handle.h"

namespace anim {

/// A new pool, not configured. Its buffers must be used through GstVideoFrame.
[[nodiscard]] glue::Owned<GstBufferPool> new_picture_pool();

/// Puts such a pool into an answered ALLOCATION query, where downstream understands GstVideoMeta
/// and has no pool of a special kind.
void offer_picture_pool(GstQuery* query);

}  // namespace anim
