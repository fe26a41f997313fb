// SPDX-License-Identifier: LGPL-2.1-or-later
// How much goes on around each pixel: where neighbours differ, an error is not seen.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/rgb.h"

namespace anim {

/// By pixel, in sixteenths of a level (kShadeLevel).
using Busyness = std::vector<std::int16_t>;

/// The mean difference of luma between each of `pixels`, which are rows of `width`, and its four
/// neighbours. Beyond the edges, and where nothing is drawn (alpha 0), there is no difference.
[[nodiscard]] Busyness busyness(std::span<const Argb> pixels, int width);

}  // namespace anim
