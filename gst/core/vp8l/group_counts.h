// SPDX-License-Identifier: LGPL-2.1-or-later
// What it costs that symbols share a group of prefix codes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/vp8l/symbol_counts.h"

namespace anim::vp8l {

/// Counts without the symbols that do not come up: most of an alphabet, in a tile.
class PresentSymbols {
 public:
  struct Symbol {
    std::uint16_t place;  ///< in its alphabet
    std::uint32_t count;  ///< at least 1
  };

  explicit PresentSymbols(const SymbolCounts& counts);

  [[nodiscard]] std::span<const Symbol> of(Alphabet alphabet) const;
  /// Those beside the symbols.
  [[nodiscard]] std::uint64_t extra_bits() const { return extra_bits_; }

 private:
  std::vector<Symbol> symbols_;
  std::array<std::size_t, kAlphabets.size() + 1> begins_{};  ///< by alphabet, and the end
  std::uint64_t extra_bits_;
};

/// Counts of a group, with what they cost. Others are of the same alphabets: of a colour cache of
/// the same size.
class GroupCounts {
 public:
  explicit GroupCounts(SymbolCounts counts);

  [[nodiscard]] const SymbolCounts& counts() const { return counts_; }
  /// How many bits the symbols and their codes take, about.
  [[nodiscard]] double bits() const;
  /// The same with others among them.
  [[nodiscard]] double bits_with(const PresentSymbols& others) const;
  void add(const PresentSymbols& others);

 private:
  [[nodiscard]] CodeCosts costs_with(const PresentSymbols& others) const;

  SymbolCounts counts_;
  CodeCosts costs_;
};

}  // namespace anim::vp8l
