// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures between RGB and the YUV of WebP: BT.601 in limited range, 4:2:0.
#pragma once

#include "gst/core/image.h"

namespace anim {

/// A Bgra picture as I420, or as A420 with its alpha. Chroma lies between the four pixels that it
/// colours and is their mean; where their alpha differs, what is more opaque counts more.
[[nodiscard]] Image yuv_from_rgb(const ImageView& picture, PixelFormat format);

/// An I420 or A420 picture as Bgra, as a WebP decoder shows it: the integers of libwebp's decoder
/// (src/dsp/yuv.h), chroma interpolated (src/dsp/upsampling.c).
[[nodiscard]] Image rgb_from_yuv(const ImageView& picture);

}  // namespace anim
