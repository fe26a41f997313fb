// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the pixels of a picture have come before: LZ77 in the plane.
#pragma once

#include <cstdint>
#include <vector>

#include "gst/core/vp8l/pixels.h"

namespace anim::vp8l {

/// Pixels that were the same `distance` pixels before in scan order; none when it is 0.
struct Match {
  std::uint32_t distance = 0;  ///< at most kFarthestCopy
  std::uint32_t length = 0;    ///< at most kLongestCopy
};

/// By pixel: that of the pixel to the right where it begins further to the left; else the longest
/// among the pixel to the left, the one above and `tries` places where the same pair of pixels
/// begins, the latest first. (Pairs that share a hash count as well.)
[[nodiscard]] std::vector<Match> longest_matches(const Pixels& pixels, int tries);

}  // namespace anim::vp8l
