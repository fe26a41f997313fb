// SPDX-License-Identifier: LGPL-2.1-or-later
// Small losses that nobody sees and that make a picture cheaper without loss.
#pragma once

#include "gst/core/image.h"

namespace anim {

/// Rounds colours where a picture is busy, which hides it: a pixel of `picture` (Bgra) with a
/// neighbour that differs by 2^n levels or more in a channel becomes the closest multiple of 2^n,
/// first for the coarsest n, then for each finer one down to 1. `level` is that of libwebp's
/// near-lossless: 5 - level / 20 is the coarsest n, so that 80 and more errs by a level at most, 60
/// by 2, 0 by 16. Alpha stays, and so do black and white.
void round_busy_pixels(Image& picture, int level);

}  // namespace anim
