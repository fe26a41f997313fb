// SPDX-License-Identifier: LGPL-2.1-or-later
// The nearest colour by lookup is the true nearest.
#include <algorithm>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/nearest_color.h"
#include "tests/core/random_pixels.h"

namespace {

using anim::Argb;
using anim::NearestColor;
using anim::Rgb;
using anim::test::random_pixels;

int brute_force(const std::vector<Rgb>& colors, Rgb color) {
  const auto best = std::min_element(colors.begin(), colors.end(), [&](Rgb a, Rgb b) {
    return color_distance(a, color) < color_distance(b, color);
  });
  return static_cast<int>(best - colors.begin());
}

}  // namespace

TEST_CASE("the nearest colour by lookup is the nearest by trying all") {
  std::mt19937 random(7);
  for (const int count : {1, 2, 7, 100, 256}) {
    CAPTURE(count);
    const std::vector<Argb> source = random_pixels(static_cast<std::size_t>(count), random());
    std::vector<Rgb> colors;
    colors.reserve(source.size());
    for (const Argb pixel : source) colors.push_back(anim::rgb_of(pixel));
    NearestColor nearest(colors);
    for (const Argb pixel : random_pixels(5000, random())) {
      const Rgb color = anim::rgb_of(pixel);
      REQUIRE(int{nearest(color)} == brute_force(colors, color));
    }
  }
}

TEST_CASE("of equally near colours the first is taken") {
  const std::vector<Rgb> colors = {
      {90, 0, 0}, {110, 0, 0}, {90, 0, 0}, {100, 10, 0}, {100, 0, 200}};
  NearestColor nearest(colors);
  CHECK(int{nearest({100, 0, 0})} == 0);
  CHECK(int{nearest({101, 0, 0})} == 1);
  CHECK(int{nearest({90, 0, 0})} == 0);
}

TEST_CASE("colours of a dense palette are found at every place around them") {
  std::vector<Rgb> colors;
  for (int i = 0; i < 256; ++i) {
    colors.push_back(
        anim::rgb_of(0x404040U + static_cast<Argb>(i % 16 * 0x020000 + i / 16 * 0x0301)));
  }
  NearestColor nearest(colors);
  for (int r = 0x38; r < 0x68; ++r) {
    for (int b = 0x30; b < 0x58; b += 3) {
      const Rgb color = {static_cast<std::uint8_t>(r), 0x58, static_cast<std::uint8_t>(b)};
      REQUIRE(int{nearest(color)} == brute_force(colors, color));
    }
  }
}
