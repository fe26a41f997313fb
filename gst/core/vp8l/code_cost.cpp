// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/code_cost.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace anim::vp8l {
namespace {

/// What a code takes by symbol that it has: its length, and that others have none.
constexpr double kBitsOfSymbol = 5.5;
constexpr double kBitsOfCode = 20;

}  // namespace

double weighted_log(std::uint32_t n) {
  constexpr std::size_t kKept = 4096;
  static const auto table = [] {
    std::array<float, kKept> logs{};
    for (std::size_t i = 1; i < kKept; ++i) {
      const auto value = static_cast<double>(i);
      logs.at(i) = static_cast<float>(value * std::log2(value));
    }
    return logs;
  }();
  if (n < kKept) return table[n];
  return n * std::log2(static_cast<double>(n));
}

double CodeCost::bits() const {
  if (symbols_ < 2) return kBitsOfSymbol;
  return weighted_log(total_) - sum_ + kBitsOfCode + kBitsOfSymbol * symbols_;
}

}  // namespace anim::vp8l
