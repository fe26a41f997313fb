// SPDX-License-Identifier: LGPL-2.1-or-later
// The bits of a VP8L stream. Source: WebP Lossless Bitstream Specification, section 2.
#pragma once

#include <cstdint>
#include <utility>

#include "gst/core/image.h"

namespace anim::vp8l {

/// Writes numbers of some bits, each from its lowest bit on.
class LowBitWriter {
 public:
  /// `value` has no bit above its `count` lowest; `count` is 0 to 32.
  void put(std::uint32_t value, int count) {
    pending_ |= std::uint64_t{value} << pending_bits_;
    pending_bits_ += count;
    for (; pending_bits_ >= 8; pending_bits_ -= 8) {
      bytes_.push_back(static_cast<std::uint8_t>(pending_));
      pending_ >>= 8;
    }
  }

  /// The bytes; the last is filled with zeros.
  [[nodiscard]] Bytes take() {
    if (pending_bits_ > 0) bytes_.push_back(static_cast<std::uint8_t>(pending_));
    pending_ = 0;
    pending_bits_ = 0;
    return std::exchange(bytes_, {});
  }

 private:
  Bytes bytes_;
  std::uint64_t pending_ = 0;
  int pending_bits_ = 0;
};

}  // namespace anim::vp8l
