// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/bool_encoder.h"

#include <cstdlib>
#include <utility>

namespace anim::vp8 {

void BoolEncoder::put_bits(int value, int count) {
  while (count-- > 0) put(((value >> count) & 1) != 0);
}

void BoolEncoder::put_optional_signed(int value, int count) {
  put(value != 0);
  if (value == 0) return;
  put_bits(std::abs(value), count);
  put(value < 0);
}

/// Moves whole bytes out of the pending bits. A carry runs back over bytes of 255.
void BoolEncoder::flush() {
  const int above = pending_ + 8;  // where a carry would be
  if ((low_ >> above) != 0) {
    low_ &= (std::uint64_t{1} << above) - 1;
    auto byte = bytes_.rbegin();
    while (++*byte == 0) ++byte;
  }
  while (pending_ >= 8) {
    bytes_.push_back(static_cast<std::uint8_t>(low_ >> pending_));
    low_ &= (std::uint64_t{1} << pending_) - 1;
    pending_ -= 8;
  }
}

Bytes BoolEncoder::take() {
  flush();
  const int padding = 8 - pending_;
  low_ <<= padding + 8;
  pending_ = 16;  // the pending bits, the eight of the range, and the padding
  flush();
  return std::exchange(bytes_, {});
}

}  // namespace anim::vp8
