// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/vp8/segments.h"
#include "gst/core/vp8/tables.h"

namespace {

using anim::Image;
using anim::PixelFormat;

/// A slow rise on the left, noise on the right.
Image half_busy(anim::Size size) {
  std::mt19937 random(1);
  Image picture(PixelFormat::I420, size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const unsigned level =
          x < size.width / 2 ? 100 + static_cast<unsigned>(x) / 2 : 60 + random() % 80;
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

TEST_CASE("the busiest parts are not much worse than the rest") {
  const auto segments = anim::vp8::choose_segments(half_busy({128, 64}).view(), 60, 0.6);
  const auto step = [&](std::uint8_t segment) {
    return anim::vp8::kAcSteps.at(segments.index.at(segment));
  };
  CHECK(step(segments.of.back()) > anim::vp8::kAcSteps.at(60));
  CHECK(step(segments.of.back()) < 1.2 * anim::vp8::kAcSteps.at(60));
  CHECK(step(segments.of.front()) < 0.8 * anim::vp8::kAcSteps.at(60));
}

TEST_CASE("holes have a segment of their own") {
  Image picture(PixelFormat::A420, {64, 32});
  const Image seen = half_busy({64, 32});
  std::copy_n(seen.view().data[0], 64 * 32, picture.plane(0));
  for (int i = 0; i < 64 * 32; ++i) picture.plane(3)[i] = i % 64 < 16 ? 0 : 255;
  for (const double masking : {0.0, 0.3}) {
    const auto segments = anim::vp8::choose_segments(picture.view(), 30, masking);
    REQUIRE(segments.has_holes);
    for (std::size_t i = 0; i < 8; ++i) CHECK(segments.is_hole(i) == (i % 4 == 0));
  }
  CHECK_FALSE(anim::vp8::choose_segments(seen.view(), 30, 0.3).has_holes);
}

TEST_CASE("without masking there is one segment") {
  const auto segments = anim::vp8::choose_segments(half_busy({64, 64}).view(), 30.4, 0);
  CHECK_FALSE(segments.has_several());
  CHECK(segments.index.front() == 30);
}

TEST_CASE("a flat picture keeps its index") {
  Image picture(PixelFormat::I420, {33, 17});
  std::fill_n(picture.plane(0), 33 * 17, 90);
  const auto segments = anim::vp8::choose_segments(picture.view(), 50, 0.3);
  CHECK_FALSE(segments.has_several());
  CHECK(segments.index.front() == 50);
}

TEST_CASE("parts with finer steps have them in flat pictures too") {
  Image picture(PixelFormat::I420, {64, 64});
  std::fill_n(picture.plane(0), 64 * 64, 90);
  std::vector<float> powers(16, 0);
  powers[5] = -0.5F;
  const auto segments = anim::vp8::choose_segments(picture.view(), 50, 0.3, powers);
  REQUIRE(segments.has_several());
  CHECK(segments.index.at(segments.of[0]) == 50);
  CHECK(segments.index.at(segments.of[5]) < 45);
}

TEST_CASE("beside parts with finer steps nothing is coarser") {
  const Image picture = half_busy({128, 64});
  std::vector<float> powers(8 * 4, 0);
  powers[0] = -0.3F;
  const auto segments = anim::vp8::choose_segments(picture.view(), 60, 0.6, powers);
  CHECK(segments.index.at(segments.of.back()) == 60);
}

TEST_CASE("bars and what is transparent do not make the rest look busy") {
  std::mt19937 random(1);
  Image noise(PixelFormat::A420, {64, 64});
  for (int i = 0; i < 64 * 64; ++i) {
    noise.plane(0)[i] = static_cast<std::uint8_t>(60 + random() % 80);
    noise.plane(3)[i] = 255;
  }
  const auto index_of_noise = [](const Image& picture) {
    const auto segments = anim::vp8::choose_segments(picture.view(), 30, 0.3);
    return segments.index.at(segments.of.at(5));
  };
  const int alone = index_of_noise(noise);
  Image barred = noise;
  std::fill_n(barred.plane(0), 64 * 16, 16);
  CHECK(index_of_noise(barred) == doctest::Approx(alone).epsilon(0.05));
  // Smooth, so that it would count, but hidden.
  Image hidden = noise;
  for (int i = 0; i < 64 * 16; ++i) {
    hidden.plane(0)[i] = static_cast<std::uint8_t>(60 + i % 64 / 4);
    hidden.plane(3)[i] = 0;
  }
  CHECK(index_of_noise(hidden) == doctest::Approx(alone).epsilon(0.05));
}
