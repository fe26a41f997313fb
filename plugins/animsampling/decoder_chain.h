// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether what a pad gets comes straight from a decoder that serves nobody else.
#pragma once

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/glue/handle.h"

namespace anim {

/// Walks upstream from `sink`, in and out of bins, over elements with one way in and one way out,
/// to a GstVideoDecoder: its sink pad. Otherwise Unsupported; the message is a clause that names
/// the element in the way.
[[nodiscard]] Result<glue::Owned<GstPad>> decoder_before(GstPad* sink);

}  // namespace anim
