// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes the headers that the tests of bitstreams read.
#pragma once

#include <bit>
#include <cstdint>

#include "gst/core/image.h"

namespace anim::test {

/// The most significant bit first.
class BitWriter {
 public:
  /// The low `count` bits of `value`.
  void bits(std::uint32_t value, unsigned count) {
    while (count-- > 0) flag((value >> count & 1) != 0);
  }

  void flag(bool bit) {
    if (size_ % 8 == 0) bytes_.push_back(0);
    if (bit) bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | 0x80U >> size_ % 8);
    ++size_;
  }

  /// ue(v) of ITU-T H.264, 9.1.
  void exp_golomb(std::uint32_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value + 1));
    bits(0, width - 1);
    bits(value + 1, width);
  }

  /// se(v), 9.1.1.
  void signed_exp_golomb(std::int32_t value) {
    exp_golomb(static_cast<std::uint32_t>(value > 0 ? 2 * value - 1 : -2 * value));
  }

  /// All that was written, and zeros up to a whole byte.
  [[nodiscard]] Bytes bytes() const { return bytes_; }

  /// All that was written, and the stop bit that ends a NAL unit.
  [[nodiscard]] Bytes stopped() const {
    BitWriter out = *this;
    out.flag(true);
    return out.bytes();
  }

 private:
  Bytes bytes_;
  std::size_t size_ = 0;  ///< in bits
};

}  // namespace anim::test
