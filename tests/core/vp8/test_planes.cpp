// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include <doctest/doctest.h>

#include "gst/core/vp8/planes.h"

using anim::Image;
using anim::PixelFormat;
using anim::vp8::CodedPicture;

TEST_CASE("the source goes on beyond its edges") {
  Image picture(PixelFormat::I420, {18, 17});
  for (int i = 0; i < 18 * 17; ++i) picture.plane(0)[i] = static_cast<std::uint8_t>(i % 251);
  std::fill_n(picture.plane(1), 9 * 9, 7);
  std::fill_n(picture.plane(2), 9 * 9, 8);
  anim::vp8::SourceMacroblock macroblock;
  macroblock.load(picture.view(), 1, 1);
  const auto pixels = macroblock.pixels();
  const int corner = (16 * 18 + 17) % 251;
  CHECK(pixels.y.data[0] == (16 * 18 + 16) % 251);
  CHECK(pixels.y.data[1] == corner);
  CHECK(pixels.y.data[15] == corner);
  CHECK(pixels.y.data[15 * pixels.y.stride + 15] == corner);
  CHECK(pixels.u.data[7 * pixels.u.stride + 7] == 7);
  CHECK(pixels.v.data[0] == 8);
}

TEST_CASE("outside of the picture the decoder takes fixed values") {
  CodedPicture picture(2, 2);
  const auto first = picture.at(0, 0);
  CHECK(first.y.data[-first.y.stride - 1] == 127);
  CHECK(first.y.data[-first.y.stride] == 127);
  CHECK(first.y.data[-1] == 129);
  const auto below = picture.at(0, 1);
  CHECK(below.u.data[-below.u.stride - 1] == 129);
}

TEST_CASE("the pixels above and to the right") {
  CodedPicture picture(2, 2);
  const std::array<std::uint8_t, 4> outside = {127, 127, 127, 127};
  CHECK(picture.above_right(0, 0) == outside);
  CHECK(picture.above_right(1, 0) == outside);
  const auto right = picture.at(1, 0);
  for (int x = 0; x < 16; ++x) {
    right.y.data[15 * right.y.stride + x] = static_cast<std::uint8_t>(x + 1);
  }
  CHECK(picture.above_right(0, 1) == std::array<std::uint8_t, 4>{1, 2, 3, 4});
  CHECK(picture.above_right(1, 1) == std::array<std::uint8_t, 4>{16, 16, 16, 16});
}
