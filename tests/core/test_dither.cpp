// SPDX-License-Identifier: LGPL-2.1-or-later
// Dithering over a palette of two or few greys, where what is right can be counted.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/dither.h"

namespace {

using anim::Argb;
using anim::DitherKernel;
using anim::NearestColor;
using anim::Rect;
using anim::Rgb;

constexpr std::array<Rgb, 2> kBlackWhite = {Rgb{0, 0, 0}, Rgb{255, 255, 255}};

std::vector<Argb> grey(int level, std::size_t count) {
  const auto byte = static_cast<std::uint8_t>(level);
  return std::vector<Argb>(count, anim::opaque({byte, byte, byte}));
}

double share_of(const std::vector<std::uint8_t>& indices, std::uint8_t index) {
  return static_cast<double>(std::count(indices.begin(), indices.end(), index)) /
         static_cast<double>(indices.size());
}

}  // namespace

TEST_CASE("without dithering every pixel has its nearest colour") {
  NearestColor nearest(kBlackWhite);
  const auto pixels = grey(127, 64);
  CHECK(share_of(anim::dithered(pixels, {0, 0, 8, 8}, nearest, {}), 0) == 1);
}

TEST_CASE("diffused greys have the right share of white") {
  for (const int level : {16, 64, 100, 128, 200, 240}) {
    CAPTURE(level);
    NearestColor nearest(kBlackWhite);
    const auto out = anim::dithered(grey(level, 64 * 64), {0, 0, 64, 64}, nearest,
                                    {.dither = DitherKernel::FloydSteinberg});
    CHECK(share_of(out, 1) == doctest::Approx(level / 255.0).epsilon(0.02));
  }
}

TEST_CASE("the ordered pattern is as high as the gap where a pixel is") {
  // Gaps of 20, 8 and 2 levels.
  NearestColor nearest(std::array<Rgb, 4>{Rgb{100, 100, 100}, Rgb{120, 120, 120},
                                          Rgb{128, 128, 128}, Rgb{130, 130, 130}});
  const auto shares_at = [&](int level) {
    const auto out = anim::dithered(grey(level, 64 * 64), {0, 0, 64, 64}, nearest,
                                    {.dither = DitherKernel::Ordered});
    return std::array{share_of(out, 0), share_of(out, 1), share_of(out, 2), share_of(out, 3)};
  };
  // From a quarter of the gap on, and as near to a half in its middle as rounding lets it be.
  for (const int level : {100, 105}) CHECK(shares_at(level)[0] == 1);
  CHECK(shares_at(107)[1] == 16.0 / 64);
  CHECK(shares_at(110)[1] == 30.0 / 64);
  CHECK(shares_at(113)[1] == 43.0 / 64);
  CHECK(shares_at(113)[0] + shares_at(113)[1] == 1);
  CHECK(shares_at(124)[2] == 28.0 / 64);
  CHECK(shares_at(129)[2] == 1);  // who sees a level?
}

TEST_CASE("the ordered pattern goes towards the colour beyond a pixel, whatever its hue") {
  NearestColor nearest(
      std::array<Rgb, 3>{Rgb{100, 100, 100}, Rgb{100, 100, 120}, Rgb{120, 100, 100}});
  const std::vector<Argb> bluish(64 * 64, anim::opaque({100, 100, 109}));
  const auto out =
      anim::dithered(bluish, {0, 0, 64, 64}, nearest, {.dither = DitherKernel::Ordered});
  CHECK(share_of(out, 1) > 0.4);
  CHECK(share_of(out, 2) == 0);
}

TEST_CASE("where colours are few the ordered pattern stays low") {
  NearestColor nearest(kBlackWhite);
  for (const int level : {64, 115, 140}) {
    const auto out = anim::dithered(grey(level, 64 * 64), {0, 0, 64, 64}, nearest,
                                    {.dither = DitherKernel::Ordered});
    CHECK(share_of(out, 1) == (level > 127 ? 1 : 0));
  }
}

TEST_CASE("the ordered pattern belongs to the canvas, not to the rectangle") {
  NearestColor nearest(kBlackWhite);
  const anim::DitherPlan plan = {.dither = DitherKernel::Ordered};
  const auto whole = anim::dithered(grey(124, 32 * 32), {0, 0, 32, 32}, nearest, plan);
  CHECK(share_of(whole, 1) > 0.1);
  const auto part = anim::dithered(grey(124, 5 * 9), {11, 3, 5, 9}, nearest, plan);
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 5; ++x) CHECK(part[y * 5 + x] == whole[(y + 3) * 32 + x + 11]);
  }
}

TEST_CASE("the ordered pattern fades where pixels differ from their neighbours") {
  NearestColor nearest(kBlackWhite);
  const auto pixels = grey(124, 64 * 64);
  const auto white_at = [&](int busy_levels) {
    const std::vector<std::int16_t> busy(pixels.size(),
                                         static_cast<std::int16_t>(busy_levels * 16));
    return share_of(anim::dithered(pixels, {0, 0, 64, 64}, nearest,
                                   {.dither = DitherKernel::Ordered, .busy = busy}),
                    1);
  };
  CHECK(white_at(0) > 0.3);
  CHECK(white_at(2) < white_at(0) - 0.03);
  CHECK(white_at(2) > 0.1);
  CHECK(white_at(5) == 0);
  CHECK(white_at(200) == 0);
}

TEST_CASE("a colour of the palette is not dithered") {
  NearestColor nearest(std::array<Rgb, 3>{Rgb{100, 100, 100}, Rgb{110, 110, 110}, Rgb{0, 0, 0}});
  for (const DitherKernel dither : {DitherKernel::Ordered, DitherKernel::FloydSteinberg}) {
    const auto out = anim::dithered(grey(100, 256), {0, 0, 16, 16}, nearest, {.dither = dither});
    CHECK(share_of(out, 0) == 1);
  }
}

TEST_CASE("transparent pixels have the transparent index and pass no error on") {
  NearestColor nearest(kBlackWhite);
  auto pixels = grey(120, 9);
  pixels[1] = pixels[4] = 0;
  for (const DitherKernel dither :
       {DitherKernel::None, DitherKernel::Ordered, DitherKernel::FloydSteinberg}) {
    const auto out =
        anim::dithered(pixels, {0, 0, 3, 3}, nearest, {.dither = dither, .transparent = 2});
    for (std::size_t i = 0; i < out.size(); ++i) CHECK((out[i] == 2) == (pixels[i] == 0));
  }
  std::vector<Argb> walled = grey(120, 3);
  walled[1] = 0;
  walled[2] = anim::opaque({126, 126, 126});  // black, unless the first pixel's error reached it
  const auto out = anim::dithered(walled, {0, 0, 3, 1}, nearest,
                                  {.dither = DitherKernel::FloydSteinberg, .transparent = 2});
  CHECK(out == std::vector<std::uint8_t>{0, 2, 0});
}

TEST_CASE("one column and one row diffuse") {
  NearestColor nearest(kBlackWhite);
  for (const Rect rect : {Rect{0, 0, 1, 200}, Rect{0, 0, 200, 1}}) {
    const auto out =
        anim::dithered(grey(128, 200), rect, nearest, {.dither = DitherKernel::FloydSteinberg});
    CHECK(share_of(out, 1) > 0.3);
    CHECK(share_of(out, 1) < 0.7);
  }
}
