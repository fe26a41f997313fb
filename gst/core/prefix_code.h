// SPDX-License-Identifier: LGPL-2.1-or-later
// Bits and prefix codes of a VP8L stream. Source: WebP Lossless Bitstream Specification, section 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/image.h"

namespace anim {

/// Writes numbers of some bits, each from its lowest bit on.
class LowBitWriter {
 public:
  /// `count` is 0 to 16.
  void put(std::uint32_t value, int count);
  /// The bytes; the last is filled with zeros.
  [[nodiscard]] Bytes take();

 private:
  Bytes bytes_;
  std::uint32_t pending_ = 0;
  int pending_bits_ = 0;
};

/// A canonical prefix code for symbols that come up so often; those that never do have none.
class PrefixCode {
 public:
  /// No code word is longer than `longest` bits, which must be enough for all symbols.
  explicit PrefixCode(std::span<const std::size_t> counts, int longest = 15);

  /// The code itself, so that a reader can make it.
  void put_code(LowBitWriter& out) const;
  void put(LowBitWriter& out, std::size_t symbol) const {
    if (used_.size() > 1) out.put(words_[symbol], lengths_[symbol]);
  }

 private:
  void make_words();
  void put_few(LowBitWriter& out) const;
  void put_lengths(LowBitWriter& out) const;

  std::vector<std::size_t> used_;      ///< the symbols, at least one
  std::vector<std::uint8_t> lengths_;  ///< by symbol, in bits
  std::vector<std::uint16_t> words_;   ///< by symbol, the first bit the lowest
};

}  // namespace anim
