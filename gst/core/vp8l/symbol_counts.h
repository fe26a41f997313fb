// SPDX-License-Identifier: LGPL-2.1-or-later
// How often the symbols of a group of prefix codes come up, and what they cost.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/vp8l/code_cost.h"
#include "gst/core/vp8l/token.h"

namespace anim::vp8l {

/// The five alphabets of a group, in the stream's order.
enum class Alphabet : std::uint8_t { Green, Red, Blue, Alpha, Distance };
inline constexpr std::array kAlphabets = {Alphabet::Green, Alphabet::Red, Alphabet::Blue,
                                          Alphabet::Alpha, Alphabet::Distance};

[[nodiscard]] constexpr std::size_t index_of(Alphabet alphabet) {
  return static_cast<std::size_t>(alphabet);
}

/// By alphabet, at its index_of().
using CodeCosts = std::array<CodeCost, kAlphabets.size()>;

/// Their bits together.
[[nodiscard]] double sum_of(const CodeCosts& costs);

/// Counts by alphabet and symbol.
class SymbolCounts {
 public:
  /// Green has symbols for 2^cache_bits places; none when it is 0.
  explicit SymbolCounts(int cache_bits);

  void add(const Token& token);
  void add(const SymbolCounts& other);
  void add(Alphabet alphabet, std::size_t symbol, std::uint32_t count) {
    counts_[first_of(alphabet) + symbol] += count;
  }
  void add_extra_bits(std::uint64_t bits) { extra_bits_ += bits; }

  [[nodiscard]] std::span<const std::uint32_t> of(Alphabet alphabet) const;
  [[nodiscard]] CodeCosts costs() const;
  /// How many bits the symbols and their codes take, about.
  [[nodiscard]] double bits() const { return static_cast<double>(extra_bits_) + sum_of(costs()); }
  /// Of lengths and distances, beside their symbols.
  [[nodiscard]] std::uint64_t extra_bits() const { return extra_bits_; }

 private:
  void count_prefixed(Alphabet alphabet, std::size_t first, std::uint32_t value);
  [[nodiscard]] static std::size_t first_of(Alphabet alphabet);

  std::size_t cached_;  ///< places
  std::vector<std::uint32_t> counts_;
  std::uint64_t extra_bits_ = 0;
};

/// Those of `tokens`.
[[nodiscard]] SymbolCounts counts_of(std::span<const Token> tokens, int cache_bits);

}  // namespace anim::vp8l
