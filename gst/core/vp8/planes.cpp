// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/planes.h"

#include <algorithm>
#include <cstring>

namespace anim::vp8 {
namespace {

constexpr std::uint8_t kAbove = 127;
constexpr std::uint8_t kLeft = 129;

}  // namespace

void SourceMacroblock::load(const ImageView& picture, int column, int row) {
  const auto load_plane = [&](int index, int side, std::uint8_t* to) {
    const Size size = plane_bytes(picture.format, picture.size, index);
    const int count = std::min(side, size.width - column * side);
    for (int y = 0; y < side; ++y, to += side) {
      const auto from = picture.row(index, std::min(row * side + y, size.height - 1));
      std::memcpy(to, from.data() + column * side, count);
      std::memset(to + count, to[count - 1], side - count);
    }
  };
  load_plane(0, 16, y_.data());
  load_plane(1, 8, u_.data());
  load_plane(2, 8, v_.data());
}

CodedPlane::CodedPlane(int width, int height)
    : stride_(width + 2 * kBorder),
      samples_(static_cast<std::size_t>(stride_) * (static_cast<std::size_t>(height) + 1), kAbove) {
  for (int y = 0; y < height; ++y) at(0, y).data[-1] = kLeft;
}

CodedPicture::CodedPicture(int columns, int rows)
    : columns_(columns),
      y_(16 * columns, 16 * rows),
      u_(8 * columns, 8 * rows),
      v_(8 * columns, 8 * rows) {}

std::array<std::uint8_t, 4> CodedPicture::above_right(int column, int row) {
  std::array<std::uint8_t, 4> pixels;
  const std::uint8_t* after = y_.at(16 * (column + 1), 16 * row - 1).data;
  if (row > 0 && column + 1 == columns_) {
    pixels.fill(after[-1]);  // there is no macroblock to the right
  } else {
    std::memcpy(pixels.data(), after, pixels.size());
  }
  return pixels;
}

}  // namespace anim::vp8
