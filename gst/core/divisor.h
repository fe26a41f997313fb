// SPDX-License-Identifier: LGPL-2.1-or-later
// Division by numbers that are known before: multiplying is faster.
#pragma once

#include <cstdint>

namespace anim {

/// Divides by 1 to 255; exact for sums of 255 samples of a byte and what rounds them.
class Divisor {
 public:
  constexpr Divisor() : Divisor(1) {}
  explicit constexpr Divisor(int divisor)
      : factor_(((std::uint64_t{1} << kBits) + static_cast<std::uint64_t>(divisor) - 1) /
                static_cast<std::uint64_t>(divisor)) {}
  [[nodiscard]] constexpr std::uint8_t quotient(int dividend) const {
    return static_cast<std::uint8_t>(static_cast<std::uint64_t>(dividend) * factor_ >> kBits);
  }

 private:
  static constexpr int kBits = 24;
  std::uint64_t factor_;
};

}  // namespace anim
