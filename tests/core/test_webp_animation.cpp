// SPDX-License-Identifier: LGPL-2.1-or-later
// Animated WebP written by us, read by libwebp.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <doctest/doctest.h>

#include "gst/core/webp_animation.h"
#include "tests/support/webp_reader.h"
#include "tests/support/webp_writer.h"

namespace {

using anim::Bytes;
using anim::Image;
using anim::PixelFormat;
using anim::Size;
using anim::WebpSettings;
using webp_writer::encoded;

constexpr Size kSize{70, 45};

/// A smooth picture with a bright square that moves with `step`.
Image luma_scene(PixelFormat format, int step, Size size = kSize) {
  Image picture(format, size);
  for (int plane = 0; plane < plane_count(format); ++plane) {
    const Size extent = plane_bytes(format, size, plane);
    for (int y = 0; y < extent.height; ++y) {
      for (int x = 0; x < extent.width; ++x) {
        const bool is_square = x / 8 == step && y / 8 == 2;
        const int luma = is_square ? 220 : 40 + x + y;
        const int alpha = x < extent.width / 2 ? 255 : 128;
        const int value = plane == 0 ? luma : (plane == 3 ? alpha : 128);
        picture.plane(plane)[y * extent.width + x] = static_cast<std::uint8_t>(value);
      }
    }
  }
  return picture;
}

Image random_bgra(unsigned seed, Size size = kSize) {
  Image picture(PixelFormat::Bgra, size);
  for (std::int64_t i = 0; i < size.area() * 4; ++i) {
    seed = seed * 1103515245 + 12345;
    picture.plane(0)[i] = static_cast<std::uint8_t>(seed >> 16 | (i % 4 == 3 ? 1 : 0));
  }
  return picture;
}

/// Limited-range luma of a grey pixel.
int luma_of(const std::uint8_t* rgba) {
  return static_cast<int>(std::lround(16 + rgba[1] * 219.0 / 255));
}

}  // namespace

TEST_CASE("lossy pictures come back in their places and times") {
  for (const auto format : {PixelFormat::I420, PixelFormat::A420}) {
    CAPTURE(plane_count(format));
    std::vector<Image> pictures;
    for (int i = 0; i < 6; ++i) pictures.push_back(luma_scene(format, i));
    const auto back = webp_reader::read(encoded(
        pictures, {.quality = 95}, 2, {.canvas = {}, .plays = 7, .background = 0x80112233}));
    REQUIRE(back.is_valid);
    CHECK(back.timing() == "40 40 40 40 40 40");
    CHECK(back.plays == 7);
    CHECK(back.background == 0x80112233);
    CHECK(back.has_alpha == (format == PixelFormat::A420));
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      std::int64_t error = 0;
      for (int y = 0; y < kSize.height; ++y) {
        for (int x = 0; x < kSize.width; ++x) {
          error += std::abs(luma_of(back.pixel(i, x, y)) - pictures[i].plane(0)[y * 70 + x]);
        }
      }
      CHECK(static_cast<double>(error) / static_cast<double>(kSize.area()) < 2.0);
      if (format == PixelFormat::A420) CHECK(back.pixel(i, 69, 44)[3] == 128);
      CHECK(back.pixel(i, 0, 0)[3] == 255);
    }
  }
}

TEST_CASE("lossless pictures come back exactly") {
  std::vector<Image> pictures;
  for (unsigned i = 0; i < 4; ++i) pictures.push_back(random_bgra(i));
  pictures.push_back(pictures.back());
  // A small change, so that a frame is a rectangle inside the canvas.
  pictures.push_back(pictures.back());
  pictures.back().plane(0)[4 * (30 * 70 + 40)] ^= 0x55;
  const auto back = webp_reader::read(encoded(pictures, {.quality = 0, .lossless = true}));
  REQUIRE(back.is_valid);
  CHECK(back.timing() == "40 40 40 80 40");
  for (const std::size_t shown : {0, 1, 2, 3, 4}) {
    Image& source = pictures[shown == 4 ? 5 : shown];
    int wrong = 0;
    for (int i = 0; i < kSize.area(); ++i) {
      const std::uint8_t* bgra = source.plane(0) + i * std::ptrdiff_t{4};
      const std::uint8_t* rgba = back.frames[shown].rgba.data() + i * std::ptrdiff_t{4};
      const bool same =
          bgra[0] == rgba[2] && bgra[1] == rgba[1] && bgra[2] == rgba[0] && bgra[3] == rgba[3];
      wrong += same ? 0 : 1;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("a small change costs a small frame") {
  std::vector<Image> still = {random_bgra(1)};
  std::vector<Image> marked = {random_bgra(1), random_bgra(1)};
  marked[1].plane(0)[0] ^= 0x10;
  const WebpSettings settings{.quality = 0, .lossless = true};
  const std::size_t one = encoded(still, settings).size();
  CHECK(encoded(marked, settings).size() - one < one / 4);
}

TEST_CASE("nothing of the holes in a frame shows beside them") {
  constexpr Size kLarge{320, 160};
  // Columns of two colours, busy luma; scattered macroblocks become brighter.
  const auto blue = [&](int brighter) {
    Image picture(PixelFormat::I420, kLarge);
    for (int i = 0; i < kLarge.area() / 4; ++i) picture.plane(1)[i] = i / 8 % 2 == 0 ? 100 : 170;
    std::fill_n(picture.plane(2), kLarge.area() / 4, std::uint8_t{110});
    for (int y = 0; y < kLarge.height; ++y) {
      for (int x = 0; x < kLarge.width; ++x) {
        const bool is_brighter = x / 16 % 6 == 1 && y / 16 % 4 == 2;
        const int luma = 90 + x * y * 7 % 31 + (is_brighter ? brighter : 0);
        picture.plane(0)[y * kLarge.width + x] = static_cast<std::uint8_t>(luma);
      }
    }
    return picture;
  };
  std::vector<Image> pictures;
  pictures.push_back(blue(0));
  pictures.push_back(blue(40));
  const WebpSettings settings{.content = anim::WebpContent::Photo};
  const auto holed = webp_reader::read(encoded(pictures, settings));
  REQUIRE(holed.frames.size() == 2);
  REQUIRE(holed.has_alpha);
  pictures.erase(pictures.begin());
  const auto whole = webp_reader::read(encoded(pictures, settings));
  // Blue less red is chroma's alone.
  const auto tint = [](const std::uint8_t* rgba) { return rgba[2] - rgba[0]; };
  int worst = 0;
  for (int y = 32; y < 48; ++y) {
    for (int x = 112; x < 128; ++x) {
      const int error = tint(holed.pixel(1, x, y)) - tint(whole.pixel(0, x, y));
      worst = std::max(worst, std::abs(error));
    }
  }
  CHECK(worst <= 12);
}

TEST_CASE("the bytes do not depend on the number of threads") {
  std::vector<Image> pictures;
  for (unsigned i = 0; i < 12; ++i) pictures.push_back(luma_scene(PixelFormat::A420, i % 8));
  const Bytes one = encoded(pictures, {}, 1);
  CHECK(one == encoded(pictures, {}, 2));
  CHECK(one == encoded(pictures, {}, 5));
}

TEST_CASE("pictures may gain and lose their alpha") {
  const auto back =
      webp_reader::read(encoded({luma_scene(PixelFormat::I420, 0), luma_scene(PixelFormat::A420, 0),
                                 luma_scene(PixelFormat::I420, 0)}));
  REQUIRE(back.frames.size() == 3);
  CHECK(back.pixel(0, 60, 10)[3] == 255);
  CHECK(back.pixel(1, 60, 10)[3] == 128);
  CHECK(back.pixel(2, 60, 10)[3] == 255);
}

TEST_CASE("the smallest and the longest canvas") {
  for (const Size size : {Size{1, 1}, Size{16383, 1}, Size{1, 16383}, Size{16383, 3}}) {
    CAPTURE(size.width);
    const auto back = webp_reader::read(
        encoded({luma_scene(PixelFormat::I420, 0, size), luma_scene(PixelFormat::I420, 3, size)},
                {.method = 0}));
    REQUIRE(back.is_valid);
    CHECK(back.width == size.width);
    CHECK(back.height == size.height);
  }
}

TEST_CASE("what the format cannot hold is refused with the numbers") {
  const auto wide = anim::make_webp_animation({.canvas = {16384, 2}}, {}, 1);
  REQUIRE_FALSE(wide.ok());
  CHECK(wide.error().message.find("16384x2") != std::string::npos);
  CHECK_FALSE(anim::make_webp_animation({.canvas = {0, 2}}, {}, 1).ok());
  CHECK_FALSE(anim::make_webp_animation({.canvas = {2, 2}, .plays = 65536}, {}, 1).ok());
  CHECK_FALSE(anim::make_webp_animation({.canvas = {2, 2}}, {.quality = 101}, 1).ok());
  CHECK_FALSE(anim::make_webp_animation({.canvas = {2, 2}}, {.method = 7}, 1).ok());
}

TEST_CASE("settings change the result as they say") {
  std::vector<Image> pictures = {random_bgra(3)};
  const std::size_t exact = encoded(pictures, {.lossless = true}).size();
  CHECK(encoded(pictures, {.near_lossless = 0}).size() < exact);
  std::vector<Image> lossy = {luma_scene(PixelFormat::I420, 1)};
  CHECK(encoded(lossy, {.quality = 20}).size() < encoded(lossy, {.quality = 95}).size());
  CHECK(encoded(lossy, {.preset = anim::WebpPreset::Text}) != encoded(lossy));
}
