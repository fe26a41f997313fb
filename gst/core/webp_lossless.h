// SPDX-License-Identifier: LGPL-2.1-or-later
// One picture without loss: by core's own encoder where that is the effort wanted, else by libwebp.
#pragma once

#include "gst/core/error.h"
#include "gst/core/image.h"

namespace anim {

/// The method that is vp8l::encode_picture(): about as small as libwebp's method 1, in a third to
/// two thirds of its time where that is long, a quarter with near-lossless.
inline constexpr int kOwnMethod = 1;

/// Near-lossless that is off.
inline constexpr int kExact = 100;

/// How hard a picture is tried.
struct LosslessSettings {
  float effort = 75;           ///< 0 (fast) to 100 (small); has no say in own pictures
  int method = 4;              ///< 0 (fast) to 6 (small)
  int near_lossless = kExact;  ///< 0 (most loss) to 99, or kExact
};

/// The VP8L chunk of a picture (Bgra), padded to an even size. The colours of wholly transparent
/// pixels are cleared in `picture`. `around` is what a picture with holes looks like where
/// it is laid over another, which says where small losses are hidden; empty for a picture that is
/// not laid over one. EncodeFailed or LimitExceeded
/// when the picture is more than the format can carry.
[[nodiscard]] Result<Bytes> lossless_chunk(Image& picture, const LosslessSettings& settings,
                                           const ImageView& around = {});

}  // namespace anim
