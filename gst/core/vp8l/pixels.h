// SPDX-License-Identifier: LGPL-2.1-or-later
// What a VP8L stream codes: pixels in rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace anim::vp8l {

/// Words 0xAARRGGBB, row after row without padding.
struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint32_t> words;
};

/// What `a` is above `b`, by channel modulo 256.
[[nodiscard]] constexpr std::uint32_t difference(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t alpha_green = 0x00FF00FF + (a & 0xFF00FF00) - (b & 0xFF00FF00);
  const std::uint32_t red_blue = 0xFF00FF00 + (a & 0x00FF00FF) - (b & 0x00FF00FF);
  return (alpha_green & 0xFF00FF00) | (red_blue & 0x00FF00FF);
}

/// A picture with one value for each tile of a larger one, a square of 2^tile_bits pixels.
struct Tiles {
  int bits = 0;
  int columns = 0;
  int rows = 0;

  Tiles(int width, int height, int tile_bits)
      : bits(tile_bits),
        columns((width + (1 << tile_bits) - 1) >> tile_bits),
        rows((height + (1 << tile_bits) - 1) >> tile_bits) {}

  [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(columns) * rows; }
  /// The tile of pixel (x, y).
  [[nodiscard]] std::size_t at(int x, int y) const {
    return static_cast<std::size_t>(y >> bits) * columns + static_cast<std::size_t>(x >> bits);
  }
};

}  // namespace anim::vp8l
