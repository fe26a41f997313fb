// SPDX-License-Identifier: LGPL-2.1-or-later
// Animated WebP: rectangles of change, each encoded by libwebp on any thread.
#pragma once

#include <memory>

#include "gst/core/animation.h"
#include "gst/core/error.h"
#include "gst/core/image.h"

namespace anim {

/// libwebp's tuning for kinds of pictures.
enum class WebpPreset { None, Picture, Photo, Drawing, Icon, Text };

/// How pictures are encoded.
struct WebpSettings {
  float quality = 75;       ///< 0 to 100; in lossless mode the effort
  int method = 4;           ///< 0 (fast) to 6 (small)
  bool lossless = false;    ///< VP8L instead of VP8
  int near_lossless = 100;  ///< 0 (most loss) to 99: lossless with small losses; 100 = off
  WebpPreset preset = WebpPreset::None;

  [[nodiscard]] bool is_lossless() const { return lossless || near_lossless < 100; }
};

/// The pictures that the encoder takes for sources with or without alpha: YUV where it is lossy.
[[nodiscard]] PixelFormat webp_picture_format(const WebpSettings& settings, bool has_alpha);

/// An encoder of an animation. Frames replace the rectangle of what has changed, so every picture
/// is encoded alone and the bytes do not depend on the number of `threads` (0 = all cores).
/// Pictures may change between I420 and A420.
/// LimitExceeded or InvalidArgument when the canvas, the plays or a setting are out of range.
[[nodiscard]] Result<std::unique_ptr<AnimationEncoder>> make_webp_animation(
    const AnimationInfo& info, const WebpSettings& settings, unsigned threads);

}  // namespace anim
