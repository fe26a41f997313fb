// SPDX-License-Identifier: LGPL-2.1-or-later
// Which colours a picture has: exactly when they are few, in bins when they are many.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "gst/core/rgb.h"

namespace anim {

/// The mean colour of similar pixels.
struct ColorBin {
  Rgb mean;
  double weight = 0;  ///< grows with the number of pixels, but slower
};

/// The colours of the pixels that are not transparent (alpha 0), in ascending order; nothing when
/// there are more than `most`, at most 256.
[[nodiscard]] std::optional<std::vector<Rgb>> exact_colors(std::span<const Argb> pixels, int most);

/// The pixels that are not transparent (alpha 0) in bins of 5, 6, 5 bits, each with the true mean
/// of its pixels. The weight is count^0.75, so that a large plain background leaves colours for the
/// small things. Of more than four million pixels an even sample is counted.
[[nodiscard]] std::vector<ColorBin> color_bins(std::span<const Argb> pixels);

/// Each colour of the pixels that are not transparent (alpha 0) as a bin of its own, whose weight
/// is the number of its pixels: for pictures that a table is to meet closely. Of more than 65 536
/// such pixels an even sample is counted.
[[nodiscard]] std::vector<ColorBin> single_color_bins(std::span<const Argb> pixels);

}  // namespace anim
