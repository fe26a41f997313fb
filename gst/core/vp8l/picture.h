// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture without loss, or with small ones: what a VP8L chunk of a WebP holds. Source: WebP
// Lossless Bitstream Specification.
#pragma once

#include "gst/core/error.h"
#include "gst/core/image.h"

namespace anim::vp8l {

/// The longest side that a picture can say, in pixels.
inline constexpr int kLongestSide = 16384;

/// The VP8L stream of `picture` (Bgra), which has pixels. LimitExceeded when a side is longer than
/// kLongestSide.
[[nodiscard]] Result<Bytes> encode_picture(const ImageView& picture);

/// The same after round_busy_pixels() with `level`, unless its colours fit in a table. `around` is
/// the picture with what is seen in its holes.
[[nodiscard]] Result<Bytes> encode_nearly(const ImageView& picture, const ImageView& around,
                                          int level);

}  // namespace anim::vp8l
