// SPDX-License-Identifier: LGPL-2.1-or-later
// Pixels become indices of a palette, with or without a pattern that hides the steps between its
// colours.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/geometry.h"
#include "gst/core/nearest_color.h"
#include "gst/core/rgb.h"

namespace anim {

enum class DitherKernel {
  None,     ///< the nearest colour
  Ordered,  ///< a fixed pattern of the canvas: the same pixel always meets the same threshold, as a
            ///< share of its distance to the nearest colour, or a part of that where it is busy
  FloydSteinberg,  ///< the error of a pixel goes to its neighbours, row by row, back and forth
};

/// How to go from pixels to indices.
struct DitherPlan {
  DitherKernel dither = DitherKernel::None;
  /// By pixel, see Busyness: the busier it is, the lower is the ordered pattern, which hides steps
  /// between colours that are not seen there anyway. Empty = plain everywhere.
  std::span<const std::int16_t> busy = {};
  /// The index of the pixels of alpha 0, when there are any.
  std::uint8_t transparent = 0;
};

/// The indices of `pixels`, which are those of `rect` of the canvas, row by row. Pixels of alpha 0
/// become plan.transparent and pass no error on. Ordered: Bayer 1973, 8x8; it is as high as the
/// palette's gaps are around the pixel's colour, but moves no pixel by more than 12 levels. Its
/// shares are right half-way between two colours, and none within a quarter of their gap from one
/// (the whole gap hides steps better, but is worse than they are). Edges and text, as far as their
/// surroundings are drawn, have no pattern.
/// FloydSteinberg: Floyd and Steinberg 1976, serpentine.
[[nodiscard]] std::vector<std::uint8_t> dithered(std::span<const Argb> pixels, const Rect& rect,
                                                 NearestColor& nearest, const DitherPlan& plan);

}  // namespace anim
