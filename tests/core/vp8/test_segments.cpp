// SPDX-License-Identifier: LGPL-2.1-or-later
#include <random>

#include <doctest/doctest.h>

#include "gst/core/vp8/segments.h"

namespace {

using anim::Image;
using anim::PixelFormat;

/// Grey on the left, noise on the right.
Image half_busy(anim::Size size) {
  std::mt19937 random(1);
  Image picture(PixelFormat::I420, size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const unsigned level = x < size.width / 2 ? 100 : 60 + random() % 80;
      picture.plane(0)[y * size.width + x] = static_cast<std::uint8_t>(level);
    }
  }
  return picture;
}

}  // namespace

TEST_CASE("busy parts have coarser steps than smooth ones") {
  const Image picture = half_busy({128, 64});
  const auto segments = anim::vp8::choose_segments(picture.view(), 30, 0.3);
  REQUIRE(segments.of.size() == 8 * 4);
  const int smooth = segments.index.at(segments.of.front());
  const int busy = segments.index.at(segments.of.back());
  CHECK(smooth < 30);
  CHECK(busy > 30);
}

TEST_CASE("without masking there is one segment") {
  const auto segments = anim::vp8::choose_segments(half_busy({64, 64}).view(), 30.4, 0);
  CHECK(segments.count == 1);
  CHECK(segments.of.empty());
  CHECK(segments.index.front() == 30);
}

TEST_CASE("a picture of one kind keeps its index") {
  Image picture(PixelFormat::I420, {33, 17});
  std::fill_n(picture.plane(0), 33 * 17, 90);
  const auto segments = anim::vp8::choose_segments(picture.view(), 50, 0.3);
  REQUIRE(segments.of.size() == 3 * 2);
  for (const std::uint8_t segment : segments.of) CHECK(segments.index.at(segment) == 50);
}
