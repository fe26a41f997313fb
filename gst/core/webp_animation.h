// SPDX-License-Identifier: LGPL-2.1-or-later
// Animated WebP: rectangles of change, each encoded on any thread.
#pragma once

#include <memory>

#include "gst/core/animation.h"
#include "gst/core/error.h"
#include "gst/core/webp_picture.h"

namespace anim {

/// An encoder of an animation. Frames replace the rectangle of what has changed, so every picture
/// is encoded alone and the bytes do not depend on the number of `threads` (0 = all cores).
/// Pictures may change between I420 and A420.
/// LimitExceeded or InvalidArgument when the canvas, the plays or a setting are out of range.
[[nodiscard]] Result<std::unique_ptr<AnimationEncoder>> make_webp_animation(
    const AnimationInfo& info, const WebpSettings& settings, unsigned threads);

}  // namespace anim
