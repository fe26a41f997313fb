// SPDX-License-Identifier: LGPL-2.1-or-later
// What has to be encoded again, on grey pictures with marks.
#include <algorithm>

#include <doctest/doctest.h>

#include "gst/core/carried_picture.h"

namespace {

using anim::CarriedPicture;
using anim::Image;
using anim::PixelFormat;
using anim::Rect;
using anim::Size;

constexpr Size kSize{100, 50};

Image grey(PixelFormat format, int level, Size size = kSize) {
  Image picture(format, size);
  for (int plane = 0; plane < plane_count(format); ++plane) {
    std::fill_n(picture.plane(plane), plane_bytes(format, size, plane).area(),
                static_cast<std::uint8_t>(level));
  }
  return picture;
}

void add_to(Image& picture, int x, int y, int change) {
  picture.plane(0)[y * picture.view().stride[0] + x] += static_cast<std::uint8_t>(change);
}

}  // namespace

TEST_CASE("the first picture is coded whole, the same picture not at all") {
  for (const auto format : {PixelFormat::I420, PixelFormat::A420, PixelFormat::Bgra}) {
    CarriedPicture carried({});
    CHECK(carried.update(grey(format, 90).view()) == Rect{0, 0, 100, 50});
    CHECK(carried.update(grey(format, 90).view()).is_empty());
  }
}

TEST_CASE("changes are found in whole blocks, cut at the picture's edge") {
  struct Case {
    const char* label;
    int x, y;
    Rect area;
  };
  const Case cases[] = {
      {"top left", 0, 0, {0, 0, 16, 16}},
      {"inside", 40, 20, {32, 16, 16, 16}},
      {"bottom right", 99, 49, {96, 48, 4, 2}},
  };
  for (const Case& row : cases) {
    CAPTURE(row.label);
    CarriedPicture carried({});
    (void)carried.update(grey(PixelFormat::I420, 90).view());
    Image marked = grey(PixelFormat::I420, 90);
    add_to(marked, row.x, row.y, 1);
    CHECK(carried.update(marked.view()) == row.area);
    CHECK(carried.update(marked.view()).is_empty());
  }
}

TEST_CASE("one rectangle holds all changes") {
  CarriedPicture carried({});
  (void)carried.update(grey(PixelFormat::I420, 90).view());
  Image marked = grey(PixelFormat::I420, 90);
  add_to(marked, 70, 3, 1);
  add_to(marked, 20, 40, 1);
  CHECK(carried.update(marked.view()) == Rect{16, 0, 64, 48});
}

TEST_CASE("noise within the tolerance is not coded, a shift of the mean is") {
  CarriedPicture carried({.sample = 2});
  (void)carried.update(grey(PixelFormat::I420, 90).view());
  Image noisy = grey(PixelFormat::I420, 90);
  for (int i = 0; i < kSize.area(); ++i) {
    noisy.plane(0)[i] += static_cast<std::uint8_t>(i % 2 == 0 ? 2 : -2);
  }
  CHECK(carried.update(noisy.view()).is_empty());
  CHECK(carried.update(grey(PixelFormat::I420, 91).view()).is_empty());
  CHECK(carried.update(grey(PixelFormat::I420, 92).view()) == Rect{0, 0, 100, 50});
  add_to(noisy, 5, 5, 3);
  CHECK_FALSE(carried.update(noisy.view()).is_empty());
}

TEST_CASE("a slow fade is never further from what is shown than the tolerance") {
  CarriedPicture carried({.sample = 2});
  int shown = 0;
  for (int level = 0; level < 200; ++level) {
    if (!carried.update(grey(PixelFormat::I420, level).view()).is_empty()) shown = level;
    CHECK(level - shown <= 2);
  }
}

TEST_CASE("alpha is compared exactly") {
  CarriedPicture carried({.sample = 4});
  (void)carried.update(grey(PixelFormat::A420, 90).view());
  Image other = grey(PixelFormat::A420, 90);
  other.plane(3)[0] ^= 1;
  CHECK(carried.update(other.view()) == Rect{0, 0, 16, 16});
}

TEST_CASE("another format is a whole new picture") {
  CarriedPicture carried({});
  (void)carried.update(grey(PixelFormat::I420, 90).view());
  CHECK(carried.update(grey(PixelFormat::A420, 90).view()) == Rect{0, 0, 100, 50});
}
