// SPDX-License-Identifier: LGPL-2.1-or-later
// Prefix codes of a VP8L stream. Source: WebP Lossless Bitstream Specification, section 6.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/vp8l/low_bit_writer.h"

namespace anim::vp8l {

/// A canonical prefix code for symbols that come up so often; those that never do have none.
class PrefixCode {
 public:
  /// No code word is longer than `longest` bits, which must be enough for all symbols.
  explicit PrefixCode(std::span<const std::uint32_t> counts, int longest = 15);

  /// The code itself, so that a reader can make it.
  void put_code(LowBitWriter& out) const;
  void put(LowBitWriter& out, std::size_t symbol) const { out.put(words_[symbol], bits(symbol)); }

  /// How many bits `symbol` takes: none when it is the only one.
  [[nodiscard]] int bits(std::size_t symbol) const {
    return used_.size() > 1 ? lengths_[symbol] : 0;
  }

 private:
  void make_words();
  void put_few(LowBitWriter& out) const;
  void put_lengths(LowBitWriter& out) const;

  std::vector<std::size_t> used_;      ///< the symbols, at least one
  std::vector<std::uint8_t> lengths_;  ///< by symbol, in bits
  std::vector<std::uint16_t> words_;   ///< by symbol, the first bit the lowest; 0 for a lone one
};

}  // namespace anim::vp8l
