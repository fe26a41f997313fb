// SPDX-License-Identifier: LGPL-2.1-or-later
// VP8L: one picture without loss, by libwebp.
#pragma once

#include "gst/core/error.h"
#include "gst/core/image.h"

namespace anim {

/// How hard a picture is tried.
struct LosslessSettings {
  float effort = 75;        ///< 0 (fast) to 100 (small)
  int method = 4;           ///< 0 (fast) to 6 (small)
  int near_lossless = 100;  ///< 0 (most loss) to 99, 100 = off
};

/// The VP8L chunk of a picture (Bgra), padded to an even size. The colours of wholly transparent
/// pixels are cleared in `picture`. EncodeFailed or LimitExceeded when the picture is more than the
/// format can carry.
[[nodiscard]] Result<Bytes> lossless_chunk(Image& picture, const LosslessSettings& settings);

}  // namespace anim
