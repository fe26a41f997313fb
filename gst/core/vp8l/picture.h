// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture without loss: what a VP8L chunk of a WebP holds. Source: WebP Lossless Bitstream
// Specification.
#pragma once

#include "gst/core/error.h"
#include "gst/core/image.h"

namespace anim::vp8l {

/// The longest side that a picture can say, in pixels.
inline constexpr int kLongestSide = 16384;

/// The VP8L stream of `picture` (Bgra), which has pixels. LimitExceeded when a side is longer than
/// kLongestSide.
[[nodiscard]] Result<Bytes> encode_picture(const ImageView& picture);

}  // namespace anim::vp8l
