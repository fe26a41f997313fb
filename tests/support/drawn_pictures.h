// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures as screens and cameras make them, for what must tell them apart.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>

#include "gst/core/image.h"

namespace drawn_pictures {

inline void set(anim::Image& picture, int x, int y, std::uint32_t argb) {
  std::uint8_t* row = picture.plane(0) + y * picture.view().stride[0];
  std::memcpy(row + 4 * static_cast<std::ptrdiff_t>(x), &argb, 4);
}

/// A page of letters of 5x8 pixels in some colours on white, from line `top` on: what a capture of
/// a screen shows.
inline anim::Image page(anim::Size size, int top = 0) {
  constexpr std::uint32_t kInks[] = {0xFF202020, 0xFF202020, 0xFFF92672, 0xFF3050D0};
  anim::Image picture(anim::PixelFormat::Bgra, size);
  for (int y = 0; y < size.height; ++y) {
    const int line = y / 12 + top;
    for (int x = 0; x < size.width; ++x) {
      const auto letter = static_cast<unsigned>(line * 37 + x / 6 * 11) % 26;
      const auto stroke = letter * 0x9E3779B1U >> (x % 6 + 5 * (y % 12 / 3)) & 1;
      const bool is_text = x % 6 != 0 && y % 12 > 3 && x / 6 % 9 != 0 && x / 6 < 12 + line % 9;
      const bool is_ink = is_text && stroke != 0;
      set(picture, x, y, is_ink ? kInks[(line + x / 54) % 4] : 0xFFFAFAF7);
    }
  }
  return picture;
}

/// Soft shapes with the noise of a sensor, moved by `step` pixels: what a camera shows.
inline anim::Image scene(anim::Size size, int step = 0) {
  std::mt19937 random(static_cast<unsigned>(step));
  anim::Image picture(anim::PixelFormat::I420, size);
  for (int plane = 0; plane < 3; ++plane) {
    const anim::Size extent = plane_bytes(anim::PixelFormat::I420, size, plane);
    const double scale = plane == 0 ? 1 : 2;
    for (int y = 0; y < extent.height; ++y) {
      for (int x = 0; x < extent.width; ++x) {
        const double at = scale * x + step;
        const double shape = std::sin(at / 13) * std::cos(scale * y / 9) + std::sin(at * y / 900);
        const double level =
            120 + (plane == 0 ? 45 : 15) * shape + static_cast<double>(random() % 5);
        picture.plane(plane)[static_cast<std::ptrdiff_t>(y) * extent.width + x] =
            static_cast<std::uint8_t>(std::clamp(level, 16.0, 235.0));
      }
    }
  }
  return picture;
}

}  // namespace drawn_pictures
