// SPDX-License-Identifier: LGPL-2.1-or-later
// How a picture of one size is put on a canvas of another: target sides, fitted sizes, crops, bars.
#pragma once

#include <cstdint>

#include "gst/core/error.h"
#include "gst/core/geometry.h"
#include "gst/core/rational.h"

namespace anim {

/// What happens when the shapes of picture and canvas differ.
enum class ScaleType {
  Stretch,  ///< both sides are forced, the shape is ignored
  Crop,     ///< the picture covers the canvas, what sticks out is cut off evenly on both ends
  Fill,     ///< the whole picture inside the canvas, centred, the rest is background
  Fit,      ///< the whole picture, the canvas shrinks to it
};

/// A part of a picture in fractions of pixels; (0, 0) is the top left corner of the first pixel.
struct Window {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  friend constexpr bool operator==(const Window&, const Window&) = default;
};

/// The longest side and the largest area of an output: what GIF (65535) and WebP (16383 x 16383)
/// can hold, and what keeps one frame's memory bounded.
inline constexpr int kMaxSide = 65535;
inline constexpr std::int64_t kMaxPixels = std::int64_t{1} << 28;

/// Says that a side follows the other in proportion.
inline constexpr double kFollow = -1;

/// Whether a side may be asked for: 0, -1, a ratio in (0, 1] or pixels up to kMaxSide.
[[nodiscard]] bool is_valid_side(double side);

/// The size in square pixels of a picture stored with pixels of shape `aspect` (width / height):
/// the short storage side grows, so 720x576 at 64/45 is 1024x576. An aspect of 0 counts as 1.
[[nodiscard]] Size square_size(Size stored, Rational aspect);

/// The sides asked for: 0 = the source's, (0, 1] = a ratio of it, above 1 = pixels, kFollow.
struct FitRequest {
  double width = 0;
  double height = 0;
  ScaleType type = ScaleType::Stretch;
  bool enlarge = true;  ///< false: no picture gets bigger than its source
};

/// The output's size for a source of `source` upright square pixels. Ratios round half up, no side
/// is below 1. Error: a side or an area above the limits.
[[nodiscard]] Result<Size> canvas_for(Size source, const FitRequest& request);

/// The largest size of the shape of `shape` inside `box`; sides round half up, at least 1.
[[nodiscard]] Size fitted_into(Size shape, Size box);

/// Where a picture goes: `part` of the source lands on `dest` of the canvas.
struct Placement {
  Window part;
  Rect dest;
};

/// Places a source on a canvas. Fill and Fit leave bars where the shapes differ by a pixel or more
/// (Fit has them only on a canvas made for another source). Inner edges of bars are rounded to
/// multiples of `grid`, the chroma's grid, so that no chroma sample is shared with a bar.
[[nodiscard]] Placement placed(Size source, Size canvas, ScaleType type, bool enlarge, Size grid);

/// The same part when the picture's size is `to` instead of `from`.
[[nodiscard]] Window rescaled(const Window& part, Size from, Size to);

}  // namespace anim
