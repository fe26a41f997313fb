// SPDX-License-Identifier: LGPL-2.1-or-later
// Rounding that a loop can do for several values at once, which std::lrint() cannot.
#pragma once

#include <cfloat>

namespace anim {

/// The nearest whole number, of two the even one. `value` is within ±2^22: added to 1.5·2^23 it has
/// no bits left for a fraction (IEEE 754, binary32).
[[nodiscard]] inline int nearest(float value) {
  static_assert(FLT_EVAL_METHOD == 0, "sums have to be rounded to what a float can hold");
  constexpr float kNoFraction = 12'582'912.0F;
  return static_cast<int>((value + kNoFraction) - kNoFraction);
}

}  // namespace anim
