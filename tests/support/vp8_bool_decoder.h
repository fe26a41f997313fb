// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads bits of known probability, written after the decoder of RFC 6386, section 7.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace anim::test {

class Vp8BoolDecoder {
 public:
  explicit Vp8BoolDecoder(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {
    value_ = next() << 8;
    value_ |= next();
  }

  bool get(int probability) {
    const unsigned split = 1 + (((range_ - 1) * static_cast<unsigned>(probability)) >> 8);
    const bool bit = value_ >= split << 8;
    if (bit) {
      range_ -= split;
      value_ -= split << 8;
    } else {
      range_ = split;
    }
    while (range_ < 128) {
      value_ <<= 1;
      range_ <<= 1;
      if (++shifts_ == 8) {
        shifts_ = 0;
        value_ |= next();
      }
    }
    return bit;
  }

  int get_bits(int count) {
    int value = 0;
    while (count-- > 0) value = 2 * value + (get(128) ? 1 : 0);
    return value;
  }

 private:
  unsigned next() { return at_ < bytes_.size() ? bytes_[at_++] : 0; }

  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
  unsigned value_ = 0;
  unsigned range_ = 255;
  int shifts_ = 0;
};

}  // namespace anim::test
