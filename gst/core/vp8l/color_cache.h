// SPDX-License-Identifier: LGPL-2.1-or-later
// The latest colours, which a token can name. Source: WebP Lossless Bitstream Specification,
// section 5.2.3.
#pragma once

#include <cstdint>
#include <vector>

namespace anim::vp8l {

/// The place of a colour in a cache of 2^bits places; `bits` is 1 to 11.
[[nodiscard]] constexpr std::uint32_t place_in_cache(std::uint32_t pixel, int bits) {
  return (pixel * 0x1E35A7BDU) >> (32 - bits);
}

/// Each place has the latest colour that belongs there; at first 0.
class ColorCache {
 public:
  explicit ColorCache(int bits) : colors_(std::size_t{1} << bits), bits_(bits) {}

  /// Whether `pixel` was in its place, where it is from now on.
  bool insert(std::uint32_t pixel) {
    std::uint32_t& color = colors_[place_in_cache(pixel, bits_)];
    const bool was_there = color == pixel;
    color = pixel;
    return was_there;
  }

 private:
  std::vector<std::uint32_t> colors_;
  int bits_;
};

}  // namespace anim::vp8l
