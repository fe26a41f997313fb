// SPDX-License-Identifier: LGPL-2.1-or-later
// Pixels as what differs from those around them. Source: WebP Lossless Bitstream Specification,
// section 4.1, "Predictor Transform".
#pragma once

#include <cstdint>
#include <vector>

#include "gst/core/vp8l/pixels.h"

namespace anim::vp8l {

/// A picture as differences from predictions, and the predictor of each tile.
struct Predicted {
  Tiles tiles;
  std::vector<std::uint8_t> modes;  ///< by tile, as the specification numbers them
  Pixels residuals;
};

/// Takes for each tile of 2^tile_bits pixels a side the predictor that leaves least.
[[nodiscard]] Predicted predicted(const Pixels& pixels, int tile_bits);

}  // namespace anim::vp8l
