// SPDX-License-Identifier: LGPL-2.1-or-later
// How alike colours look, by brightness more than by hue.
#pragma once

#include "gst/core/rgb.h"

namespace anim {

inline constexpr int kShadeLevel = 16;  ///< units of a shade in a level of 255

/// BT.601's luma in sixteenths of a level.
[[nodiscard]] constexpr int shade_luma(Rgb color) {
  return (77 * color.r + 150 * color.g + 29 * color.b) / (256 / kShadeLevel);
}

/// A colour in sixteenths of a level: luma, and, with less weight, what blue and red are beyond it.
struct Shade {
  int luma = 0;
  int blue = 0;
  int red = 0;
};

[[nodiscard]] constexpr Shade shade_of(Rgb color) {
  constexpr int kChroma = 77;  // 256ths: the weight of a difference from luma
  const int luma = shade_luma(color);
  return {luma, (color.b * kShadeLevel - luma) * kChroma / 256,
          (color.r * kShadeLevel - luma) * kChroma / 256};
}

/// The square of how far two shades are apart.
[[nodiscard]] constexpr int distance(const Shade& a, const Shade& b) {
  const int luma = a.luma - b.luma;
  const int blue = a.blue - b.blue;
  const int red = a.red - b.red;
  return luma * luma + blue * blue + red * red;
}

}  // namespace anim
