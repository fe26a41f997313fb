// SPDX-License-Identifier: LGPL-2.1-or-later
// What symbols of one alphabet take, and their prefix code: Shannon's entropy, and what such codes
// took in trials.
#pragma once

#include <cstdint>

namespace anim::vp8l {

/// n·log2(n), which entropies are sums of.
[[nodiscard]] double weighted_log(std::uint32_t n);

/// Sums up how often an alphabet's symbols come up.
class CodeCost {
 public:
  /// A symbol that was not there comes up `count` times; nothing when that is 0.
  void add(std::uint32_t count) {
    if (count > 0) grow(0, count);
  }
  /// A symbol that came up `before` times does so `more` times, at least once.
  void grow(std::uint32_t before, std::uint32_t more) {
    symbols_ += before == 0 ? 1 : 0;
    total_ += more;
    sum_ += weighted_log(before + more) - weighted_log(before);
  }
  /// How many bits the symbols and their code take, about.
  [[nodiscard]] double bits() const;

 private:
  std::uint32_t symbols_ = 0;
  std::uint32_t total_ = 0;
  double sum_ = 0;
};

}  // namespace anim::vp8l
