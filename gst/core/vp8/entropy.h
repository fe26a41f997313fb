// SPDX-License-Identifier: LGPL-2.1-or-later
// What bits of known probability cost.
#pragma once

namespace anim::vp8 {

/// What coding a zero costs, in 1/256 bit. `probability` is that of a zero, in 1/256: 1 to 255.
[[nodiscard]] int zero_cost(int probability);
[[nodiscard]] inline int bit_cost(bool bit, int probability) {
  return zero_cost(bit ? 256 - probability : probability);
}

}  // namespace anim::vp8
