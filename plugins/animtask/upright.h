// SPDX-License-Identifier: LGPL-2.1-or-later
// The size of a decoded picture as a viewer sees it: turned upright, in square pixels.
#pragma once

#include <gst/gst.h>

#include "gst/core/geometry.h"

namespace anim {

/// The upright size of the pictures that `pad` gives out, from its sticky CAPS and TAG events; a
/// stream's orientation tag beats a global one. 0x0 without caps of raw video.
[[nodiscard]] Size upright_size(GstPad* pad);

}  // namespace anim
