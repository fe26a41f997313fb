// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/entropy.h"

#include <array>
#include <cmath>
#include <cstdint>

namespace anim::vp8 {

int zero_cost(int probability) {
  static const std::array<std::uint16_t, 257> table = [] {
    std::array<std::uint16_t, 257> made{};
    for (int p = 1; p <= 256; ++p) {
      made.at(p) = static_cast<std::uint16_t>(std::lround(-256 * std::log2(p / 256.0)));
    }
    return made;
  }();
  return table[probability];
}

}  // namespace anim::vp8
