// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that stay but for their noise, and a square that moves over them.
#pragma once

#include <cstdint>
#include <random>

#include "gst/core/image.h"

namespace anim::test {

inline constexpr Size kSlopesSize = {64, 48};

/// Slopes with noise of up to `noise` levels; a bright square of side 8 at `square` on.
inline Image noisy(unsigned seed, int noise, int square = -1) {
  std::minstd_rand random(seed + 1);
  Image image(PixelFormat::Bgra, kSlopesSize);
  std::uint8_t* out = image.plane(0);
  for (int i = 0; i < kSlopesSize.area(); ++i, out += 4) {
    const int x = i % kSlopesSize.width;
    const int y = i / kSlopesSize.width;
    const bool is_in = square >= 0 && x >= square && x < square + 8 && y >= 16 && y < 24;
    const int lift = is_in ? 60 : 0;
    for (int channel = 0; channel < 3; ++channel) {
      const int level = 60 + lift + x + channel * 20 + y;
      const int span = 2 * noise + 1;
      out[channel] = static_cast<std::uint8_t>(level + static_cast<int>(random() % span) - noise);
    }
    out[3] = 255;
  }
  return image;
}

}  // namespace anim::test
