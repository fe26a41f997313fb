// SPDX-License-Identifier: LGPL-2.1-or-later
// Small losses that nobody sees and that make pixels cheaper to code without loss. Source: the
// near-lossless mode of libwebp (near_lossless_enc.c).
#pragma once

#include "gst/core/vp8l/pixels.h"

namespace anim::vp8l {

/// Rounds colours where a picture is busy, which hides it: a pixel with a neighbour that differs by
/// 2^n levels or more in a channel becomes the closest multiple of 2^n, first for the coarsest n,
/// then for each finer one down to 1. `level` is 0 to 99; the coarsest n is 5 - level / 20, so that
/// a channel errs by 1 at most where it is 80, by 2 at 60, by 16 at 0. Alpha stays, and so do black
/// and white. Unlike in libwebp, the outermost rows and columns are like others.
void round_busy_pixels(Pixels& pixels, int level);

}  // namespace anim::vp8l
