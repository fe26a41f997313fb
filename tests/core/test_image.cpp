// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
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

TEST_CASE("a rectangle is cut out and put back, chroma with it") {
  for (const auto format : {PixelFormat::A420, PixelFormat::Bgra}) {
    Image source(format, {9, 7});
    std::uint8_t value = 0;
    for (int plane = 0; plane < plane_count(format); ++plane) {
      const auto bytes = plane_bytes(format, {9, 7}, plane).area();
      for (int i = 0; i < bytes; ++i) source.plane(plane)[i] = value++;
    }
    const anim::Rect area{4, 2, 5, 5};
    const ImageView part = cropped(source.view(), area);
    CHECK(part.row(0, 0)[0] == source.view().row(0, 2)[plane_count(format) == 1 ? 16 : 4]);
    if (format == PixelFormat::A420) {
      CHECK(part.row(1, 2)[2] == source.view().row(1, 3)[4]);
      CHECK(part.row(3, 4)[4] == source.view().row(3, 6)[8]);
    }
    Image target(format, {9, 7});
    target.replace(area, part);
    CHECK(same_pixels(cropped(target.view(), area), part));
    CHECK_FALSE(same_pixels(target.view(), source.view()));
  }
}

TEST_CASE("alpha is common where all of it is the same") {
  constexpr anim::Size kSize{5, 3};
  Image picture(PixelFormat::A420, kSize);
  std::fill_n(picture.plane(3), kSize.area(), 7);
  CHECK(common_alpha(picture.view()) == 7);
  picture.plane(3)[14] = 8;
  CHECK_FALSE(common_alpha(picture.view()));
  CHECK(common_alpha(cropped(picture.view(), {0, 0, 4, 3})) == 7);
  CHECK(common_alpha(Image(PixelFormat::I420, kSize).view()) == 255);
}

TEST_CASE("one pixel that can be seen through makes a picture transparent") {
  constexpr anim::Size kSize{7, 5};
  for (const auto format : {PixelFormat::A420, PixelFormat::Bgra, PixelFormat::Rgba}) {
    const bool is_packed = plane_count(format) == 1;
    Image picture(format, kSize);
    CHECK_FALSE(is_opaque(picture.view()));
    std::fill_n(picture.plane(is_packed ? 0 : 3), (is_packed ? 4 : 1) * kSize.area(), 255);
    CHECK(is_opaque(picture.view()));
    picture.plane(is_packed ? 0 : 3)[is_packed ? 4 * 34 + 3 : 34] = 254;
    CHECK_FALSE(is_opaque(picture.view()));
  }
  CHECK(is_opaque(Image(PixelFormat::I420, kSize).view()));
}
