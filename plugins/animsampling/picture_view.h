// SPDX-License-Identifier: LGPL-2.1-or-later
// A mapped video frame as core's picture_change looks at it.
#pragma once

#include <gst/video/video.h>

#include "gst/core/picture_change.h"

namespace anim {

/// The formats that view_of() reads: 8 bits a channel.
inline constexpr const char* kViewCaps = GST_VIDEO_CAPS_MAKE(
    "{ I420, YV12, NV12, NV21, A420, Y42B, Y444, GRAY8, RGB, BGR, RGBx, BGRx, xRGB, xBGR, RGBA, "
    "BGRA, ARGB, ABGR }");

/// The channels of `frame`, which must outlive the view.
[[nodiscard]] PictureView view_of(const GstVideoFrame& frame);

}  // namespace anim
