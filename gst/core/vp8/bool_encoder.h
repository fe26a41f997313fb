// SPDX-License-Identifier: LGPL-2.1-or-later
// VP8's arithmetic coder. Source: RFC 6386, section 7.
#pragma once

#include <cstdint>

#include "gst/core/image.h"

namespace anim::vp8 {

/// Codes bits of known probability. A probability is that of a zero, in 1/256: 1 to 255.
class BoolEncoder {
 public:
  void put(bool bit, int probability) {
    const std::uint32_t split = 1 + (((range_ - 1) * static_cast<std::uint32_t>(probability)) >> 8);
    low_ += bit ? split : 0;
    range_ = bit ? range_ - split : split;
    const int shift = __builtin_clz(range_) - 24;
    range_ <<= shift;
    low_ <<= shift;
    pending_ += shift;
    if (pending_ >= kMaxPending) flush();
  }
  /// A bit that is as often one as zero.
  void put(bool bit) { put(bit, 128); }
  /// The `count` low bits of `value`, the highest first.
  void put_bits(int value, int count);
  /// A flag for "not zero", and then `count` bits of magnitude and the sign (section 9.3, 9.6).
  void put_optional_signed(int value, int count);

  /// The bytes; nothing can be put after.
  [[nodiscard]] Bytes take();

 private:
  static constexpr int kMaxPending = 40;

  void flush();

  Bytes bytes_;
  std::uint64_t low_ = 0;      ///< a carry, pending_ bits, and the 8 that range_ is about
  std::uint32_t range_ = 255;  ///< 128 to 255 between calls
  int pending_ = 0;
};

}  // namespace anim::vp8
