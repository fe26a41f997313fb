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

TEST_CASE("ordered and diffused greys have the right share of white") {
  for (const DitherKernel dither : {DitherKernel::Ordered, DitherKernel::FloydSteinberg}) {
    for (const int level : {16, 64, 100, 128, 200, 240}) {
      CAPTURE(static_cast<int>(dither));
      CAPTURE(level);
      NearestColor nearest(kBlackWhite);
      const auto out = anim::dithered(grey(level, 64 * 64), {0, 0, 64, 64}, nearest,
                                      {.dither = dither, .amplitude = 256});
      CHECK(share_of(out, 1) == doctest::Approx(level / 255.0).epsilon(0.02));
    }
  }
}

TEST_CASE("the ordered pattern belongs to the canvas, not to the rectangle") {
  NearestColor nearest(kBlackWhite);
  const anim::DitherPlan plan = {.dither = DitherKernel::Ordered, .amplitude = 200};
  const auto whole = anim::dithered(grey(120, 32 * 32), {0, 0, 32, 32}, nearest, plan);
  const auto part = anim::dithered(grey(120, 5 * 9), {11, 3, 5, 9}, nearest, plan);
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 5; ++x) CHECK(part[y * 5 + x] == whole[(y + 3) * 32 + x + 11]);
  }
}

TEST_CASE("the ordered pattern fades where pixels differ from their neighbours") {
  NearestColor nearest(kBlackWhite);
  const auto pixels = grey(100, 64 * 64);
  const auto white_at = [&](int busy_levels) {
    const std::vector<std::int16_t> busy(pixels.size(),
                                         static_cast<std::int16_t>(busy_levels * 16));
    return share_of(
        anim::dithered(pixels, {0, 0, 64, 64}, nearest,
                       {.dither = DitherKernel::Ordered, .amplitude = 256, .busy = busy}),
        1);
  };
  CHECK(white_at(0) == doctest::Approx(100 / 255.0).epsilon(0.02));
  CHECK(white_at(2) < white_at(0) - 0.03);
  CHECK(white_at(2) > 0.1);
  CHECK(white_at(5) == 0);
  CHECK(white_at(200) == 0);
}

TEST_CASE("a colour of the palette is not dithered") {
  NearestColor nearest(std::array<Rgb, 3>{Rgb{100, 100, 100}, Rgb{110, 110, 110}, Rgb{0, 0, 0}});
  for (const DitherKernel dither : {DitherKernel::Ordered, DitherKernel::FloydSteinberg}) {
    const auto out = anim::dithered(grey(100, 256), {0, 0, 16, 16}, nearest,
                                    {.dither = dither, .amplitude = 64});
    CHECK(share_of(out, 0) == 1);
  }
}

TEST_CASE("transparent pixels have the transparent index and pass no error on") {
  NearestColor nearest(kBlackWhite);
  auto pixels = grey(120, 9);
  pixels[1] = pixels[4] = 0;
  for (const DitherKernel dither :
       {DitherKernel::None, DitherKernel::Ordered, DitherKernel::FloydSteinberg}) {
    const auto out = anim::dithered(pixels, {0, 0, 3, 3}, nearest,
                                    {.dither = dither, .amplitude = 8, .transparent = 2});
    for (std::size_t i = 0; i < out.size(); ++i) CHECK((out[i] == 2) == (pixels[i] == 0));
  }
  std::vector<Argb> walled = grey(120, 3);
  walled[1] = 0;
  walled[2] = anim::opaque({126, 126, 126});  // black, unless the first pixel's error reached it
  const auto out = anim::dithered(walled, {0, 0, 3, 1}, nearest,
                                  {.dither = DitherKernel::FloydSteinberg, .transparent = 2});
  CHECK(out == std::vector<std::uint8_t>{0, 2, 0});
}

TEST_CASE("the amplitude follows the palette, within bounds") {
  CHECK(anim::ordered_amplitude(0) == 0);
  CHECK(anim::ordered_amplitude(2) == 3);
  CHECK(anim::ordered_amplitude(3) > anim::ordered_amplitude(2));
  CHECK(anim::ordered_amplitude(100) == anim::ordered_amplitude(50));
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
