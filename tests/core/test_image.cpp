// SPDX-License-Identifier: LGPL-2.1-or-later
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/image.h"

using anim::Image;
using anim::ImageView;
using anim::PixelFormat;

TEST_CASE("odd sizes round chroma up") {
  CHECK(plane_bytes(PixelFormat::I420, {5, 3}, 0) == anim::Size{5, 3});
  CHECK(plane_bytes(PixelFormat::I420, {5, 3}, 1) == anim::Size{3, 2});
  CHECK(plane_bytes(PixelFormat::A420, {5, 3}, 3) == anim::Size{5, 3});
  CHECK(plane_bytes(PixelFormat::Bgra, {5, 3}, 0) == anim::Size{20, 3});
}

TEST_CASE("row padding is not part of a picture") {
  std::vector<std::uint8_t> padded = {1, 2, 3, 4, 99, 5, 6, 7, 8, 99};
  std::vector<std::uint8_t> other = {1, 2, 3, 4, 11, 5, 6, 7, 8, 22};
  const auto view = [](std::vector<std::uint8_t>& bytes) {
    return ImageView{
        .format = PixelFormat::Rgba, .size = {1, 2}, .data = {bytes.data()}, .stride = {5}};
  };
  CHECK(same_pixels(view(padded), view(other)));
  const Image copy(view(padded));
  CHECK(same_pixels(copy.view(), view(other)));
  other[5] = 0;
  CHECK_FALSE(same_pixels(copy.view(), view(other)));
}
