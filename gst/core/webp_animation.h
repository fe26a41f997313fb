// SPDX-License-Identifier: LGPL-2.1-or-later
// Animated WebP: frames of what has changed, each encoded on any thread.
#pragma once

#include <memory>

#include "gst/core/animation.h"
#include "gst/core/error.h"
#include "gst/core/webp_picture.h"

namespace anim {

/// An encoder of an animation. What a frame holds is decided in the order of the pictures, and each
/// is encoded alone: the bytes do not depend on the number of `threads` (0 = all cores). Pictures
/// are I420, A420 or Bgra, and may change from one to the other.
/// LimitExceeded or InvalidArgument when the canvas, the plays or a setting are out of range.
[[nodiscard]] Result<std::unique_ptr<AnimationEncoder>> make_webp_animation(
    const AnimationInfo& info, const WebpSettings& settings, unsigned threads);

}  // namespace anim
