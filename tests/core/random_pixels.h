// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <random>
#include <vector>

#include "gst/core/rgb.h"

namespace anim::test {

/// Opaque pixels of any colours.
inline std::vector<Argb> random_pixels(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Argb> pixels(count);
  for (Argb& pixel : pixels) pixel = 0xFF000000U | (random() & 0xFFFFFFU);
  return pixels;
}

}  // namespace anim::test
