// SPDX-License-Identifier: LGPL-2.1-or-later
// What a canvas says has to be drawn.
#include <algorithm>
#include <cstring>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_changes.h"
#include "tests/core/noisy_slopes.h"

namespace {

using anim::Argb;
using anim::GifCanvas;
using anim::GifChange;
using anim::Image;
using anim::PixelFormat;
using anim::Rect;
using anim::Rgb;
using anim::Size;

/// A picture of words; on this little-endian machine they are Bgra.
Image picture(Size size, const std::vector<Argb>& pixels) {
  Image image(PixelFormat::Bgra, size);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    for (unsigned byte = 0; byte < 4; ++byte) {
      image.plane(0)[4 * i + byte] = static_cast<std::uint8_t>(pixels[i] >> (8 * byte));
    }
  }
  return image;
}

constexpr Size kSize = {4, 3};

std::vector<Argb> plain(Argb pixel) {
  std::vector<Argb> pixels(12);
  std::fill(pixels.begin(), pixels.end(), pixel);
  return pixels;
}

std::optional<GifChange> drawn(GifCanvas& canvas, const std::vector<Argb>& pixels) {
  return canvas.draw(picture(kSize, pixels).view()).value();
}

}  // namespace

TEST_CASE("the first picture covers the canvas") {
  GifCanvas canvas(kSize, {});
  const auto change = drawn(canvas, plain(0xFF102030));
  REQUIRE(change.has_value());
  CHECK(change->rect == Rect{0, 0, 4, 3});
  CHECK(change->pixels == plain(0xFF102030));
  CHECK(change->colors == std::vector<Rgb>{{0x10, 0x20, 0x30}});
}

TEST_CASE("the same picture again changes nothing") {
  GifCanvas canvas(kSize, {});
  CHECK(drawn(canvas, plain(0xFF102030)).has_value());
  CHECK_FALSE(drawn(canvas, plain(0xFF102030)).has_value());
  CHECK_FALSE(drawn(canvas, plain(0x00102030)).has_value());  // no alpha: it does not count
}

TEST_CASE("a change is the box around the changed pixels, with holes where nothing changed") {
  GifCanvas canvas(kSize, {});
  auto pixels = plain(0xFF000000);
  CHECK(drawn(canvas, pixels).has_value());
  pixels[1] = 0xFF111111;  // (1,0)
  pixels[6] = 0xFF222222;  // (2,1)
  const auto change = drawn(canvas, pixels);
  REQUIRE(change.has_value());
  CHECK(change->rect == Rect{1, 0, 2, 2});
  CHECK(change->pixels == std::vector<Argb>{0xFF111111, 0, 0, 0xFF222222});
}

TEST_CASE("Rgba and Bgra are the same picture") {
  GifCanvas canvas(kSize, {});
  CHECK(drawn(canvas, plain(0xFF102030)).has_value());
  Image rgba(PixelFormat::Rgba, kSize);
  for (int i = 0; i < 12; ++i) std::memcpy(rgba.plane(0) + 4L * i, "\x10\x20\x30\xFF", 4);
  CHECK_FALSE(canvas.draw(rgba.view()).value().has_value());
  const Image yuv(PixelFormat::I420, kSize);
  CHECK_FALSE(canvas.draw(yuv.view()).ok());
}

namespace {

/// 32x32 pixels of 1024 different colours, each green raised by `lift`.
std::vector<Argb> colorful(int lift) {
  std::vector<Argb> pixels;
  pixels.reserve(1024);
  for (int i = 0; i < 1024; ++i) {
    pixels.push_back(
        anim::opaque({static_cast<std::uint8_t>(i / 4), static_cast<std::uint8_t>(lift),
                      static_cast<std::uint8_t>(i % 4)}));
  }
  return pixels;
}

}  // namespace

TEST_CASE("a small difference stays as it is, a drift is drawn when it has added up") {
  constexpr Size size = {32, 32};
  GifCanvas canvas(size, {.tolerance = 4});
  int drawn_pixels = 0;
  int late_pixels = 0;
  std::vector<int> carried(1024);  // the lift with which each pixel was drawn
  for (int lift = 0; lift <= 60; ++lift) {
    const auto change = canvas.draw(picture(size, colorful(lift)).view()).value();
    for (int i = 0; change && i < change->rect.size().area(); ++i) {
      if (change->pixels[i] == 0) continue;
      ++drawn_pixels;
      const int x = change->rect.x + i % change->rect.width;
      const int y = change->rect.y + i / change->rect.width;
      carried[32 * y + x] = lift;
    }
    const int oldest = lift - *std::min_element(carried.begin(), carried.end());
    CHECK(3 * oldest * oldest <= 3 * 3 * 6 * 4 * 4);  // three tolerances, in a block that is still
    late_pixels += static_cast<int>(std::count_if(carried.begin(), carried.end(), [&](int drawn) {
      return 3 * (lift - drawn) * (lift - drawn) > 6 * 4 * 4;
    }));
  }
  CHECK(late_pixels < 61 * size.area() / 8);  // of all pictures
  CHECK(drawn_pixels > 5 * size.area());
  CHECK(drawn_pixels < 15 * size.area());
}

TEST_CASE("when most of a picture has changed, half of the tolerance makes a change") {
  constexpr Size size = {32, 32};
  // Columns of the left brighten by 10 levels, those of the right by less than the tolerance.
  const auto drawn_of = [&](int columns, int lift) {
    GifCanvas canvas(size, {.tolerance = 4});
    (void)canvas.draw(picture(size, colorful(0)).view()).value();
    const std::vector<Argb> little = colorful(lift);
    std::vector<Argb> pixels = colorful(10);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      if (static_cast<int>(i % 32) >= columns) pixels[i] = little[i];
    }
    const auto change = canvas.draw(picture(size, pixels).view()).value();
    REQUIRE(change.has_value());
    const auto holes = std::count(change->pixels.begin(), change->pixels.end(), 0U);
    return static_cast<std::ptrdiff_t>(change->pixels.size()) - holes;
  };
  CHECK(drawn_of(18, 4) == 32 * 32);
  CHECK(drawn_of(18, 3) == 32 * 32);
  CHECK(drawn_of(18, 2) == 18 * 32);
  CHECK(drawn_of(17, 0) == 17 * 32);
  CHECK(drawn_of(13, 4) == 13 * 32);
  CHECK(drawn_of(8, 4) == 8 * 32);
}

TEST_CASE("when most of a picture has changed, macroblocks that are still have their tolerance") {
  constexpr Size size = {48, 32};
  const auto pixels_of = [&](int lift) {
    std::vector<Argb> pixels;
    for (int i = 0; i < size.area(); ++i) {
      const int green = i % size.width < 32 ? 2 * lift : 0;  // two columns of three macroblocks
      pixels.push_back(
          anim::opaque({static_cast<std::uint8_t>(i % 256), static_cast<std::uint8_t>(green),
                        static_cast<std::uint8_t>(i / 256)}));
    }
    pixels[5 * 48 + 40] += static_cast<Argb>(lift - 1) << 8U;
    return pixels;
  };
  GifCanvas canvas(size, {.tolerance = 4});
  (void)canvas.draw(picture(size, pixels_of(1)).view()).value();
  const auto change = canvas.draw(picture(size, pixels_of(5)).view()).value();
  REQUIRE(change.has_value());
  CHECK(change->rect == Rect{0, 0, 32, 32});
}

TEST_CASE("a picture of few colours is compared exactly, whatever the tolerance") {
  GifCanvas canvas(kSize, {.tolerance = 20});
  auto pixels = plain(0xFF404040);
  CHECK(drawn(canvas, pixels).has_value());
  pixels[5] = 0xFF404041;
  const auto change = drawn(canvas, pixels);
  REQUIRE(change.has_value());
  CHECK(change->pixels == std::vector<Argb>{0xFF404041});
}

TEST_CASE("what was drawn in approximate colours is drawn again by a picture of few colours") {
  constexpr Size size = {32, 32};
  GifCanvas canvas(size, {.tolerance = 4});
  const auto many = canvas.draw(picture(size, colorful(0)).view()).value();
  REQUIRE(many.has_value());
  CHECK_FALSE(many->is_exact);
  auto pixels = std::vector<Argb>(1024, 0xFF800000);
  pixels[0] = colorful(0)[0];
  const auto few = canvas.draw(picture(size, pixels).view()).value();
  REQUIRE(few.has_value());
  CHECK(few->is_exact);
  CHECK(few->pixels == pixels);  // pixel 0 too, although its source is the same
  CHECK_FALSE(canvas.draw(picture(size, pixels).view()).value().has_value());
}

TEST_CASE("256 changed colours fill the box, since no entry is left for holes") {
  constexpr Size size = {17, 17};
  GifCanvas canvas(size, {});
  std::vector<Argb> pixels(289);
  for (std::size_t i = 0; i < 289; ++i) pixels[i] = 0xFF000000U | (i % 256);
  CHECK(canvas.draw(picture(size, pixels).view()).value()->colors.size() == 256);
  for (std::size_t i = 0; i < 289; ++i) pixels[i] = 0xFF000000U | ((i + 40) % 256);
  for (std::size_t i = 0; i < 20; ++i) pixels[i] = 0xFF000000U | i;  // as they were
  const auto change = canvas.draw(picture(size, pixels).view()).value();
  REQUIRE(change.has_value());
  CHECK(change->colors.size() == 256);
  CHECK(std::find(change->pixels.begin(), change->pixels.end(), 0U) == change->pixels.end());
}

TEST_CASE("what becomes transparent clears the canvas and draws the rest again") {
  GifCanvas canvas(kSize, {.has_alpha = true});
  auto pixels = plain(0xFF102030);
  CHECK_FALSE(drawn(canvas, pixels)->clears);
  pixels[0] = 0x7F102030;
  const auto change = drawn(canvas, pixels);
  REQUIRE(change.has_value());
  CHECK(change->clears);
  CHECK(change->pixels[0] == 0);
  CHECK(std::count(change->pixels.begin(), change->pixels.end(), 0U) == 1);
  CHECK_FALSE(drawn(canvas, pixels).has_value());
  const auto all_gone = drawn(canvas, plain(0));
  REQUIRE(all_gone.has_value());
  CHECK(all_gone->clears);
  CHECK(all_gone->pixels == std::vector<Argb>{0});
}

TEST_CASE("with alpha, what is drawn covers all that is visible") {
  GifCanvas canvas(kSize, {.has_alpha = true});
  auto pixels = plain(0);
  pixels[0] = 0xFF101010;
  CHECK(drawn(canvas, pixels)->rect == Rect{0, 0, 4, 3});
  pixels[6] = 0x80202020;
  const auto change = drawn(canvas, pixels);
  REQUIRE(change.has_value());
  CHECK_FALSE(change->clears);
  CHECK(change->rect == Rect{0, 0, 3, 2});
  CHECK(change->pixels == std::vector<Argb>{0, 0, 0, 0, 0, 0xFF202020});
}

TEST_CASE("noise is not drawn, neither where all is still nor beside what moves") {
  constexpr Size size = anim::test::kSlopesSize;
  GifCanvas canvas(size, {.tolerance = 1});
  for (unsigned seed = 0; seed < 8; ++seed) {
    (void)canvas.draw(anim::test::noisy(seed, 3).view()).value();
  }
  for (unsigned seed = 8; seed < 12; ++seed) {
    CHECK_FALSE(canvas.draw(anim::test::noisy(seed, 3).view()).value().has_value());
  }
  const auto change = canvas.draw(anim::test::noisy(20, 3, 20).view()).value();
  REQUIRE(change.has_value());
  const auto holes = std::count(change->pixels.begin(), change->pixels.end(), 0U);
  const auto drawn = static_cast<std::ptrdiff_t>(change->pixels.size()) - holes;
  CHECK(drawn >= 64);       // the square
  CHECK(drawn < 64 + 140);  // of 192 others in its block
}
