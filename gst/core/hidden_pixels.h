// SPDX-License-Identifier: LGPL-2.1-or-later
// What a codec is better off with under transparent pixels.
#pragma once

#include "gst/core/image.h"

namespace anim {

/// Gives the pixels of an A420 picture whose alpha is 0 colours that cost little and do not ring
/// into what is visible: in blocks of 8x8 the mean of the visible ones, or without any what is to
/// the left of the block.
void smooth_hidden_pixels(Image& picture);

}  // namespace anim
