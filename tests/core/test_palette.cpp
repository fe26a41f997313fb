// SPDX-License-Identifier: LGPL-2.1-or-later
// Histogram and palette: few colours stay exact, many get good ones.
#include <algorithm>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/histogram.h"
#include "gst/core/nearest_color.h"
#include "gst/core/palette.h"
#include "tests/core/random_pixels.h"

namespace {

using anim::Argb;
using anim::NearestColor;
using anim::Palette;
using anim::Rgb;
using anim::test::random_pixels;

/// Every red and green, blue between them: 65536 colours of a smooth picture.
std::vector<Argb> gradient() {
  std::vector<Argb> pixels;
  for (unsigned r = 0; r < 256; ++r) {
    for (unsigned g = 0; g < 256; ++g) {
      pixels.push_back(anim::opaque({static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g),
                                     static_cast<std::uint8_t>((r + g) / 2)}));
    }
  }
  return pixels;
}

}  // namespace

TEST_CASE("exact colours are listed in order, without transparent pixels") {
  const std::vector<Argb> pixels = {0xFF0000FF, 0, 0xFFFF0000, 0xFF0000FF, 0x00123456};
  const auto colors = anim::exact_colors(pixels, 2);
  REQUIRE(colors.has_value());
  CHECK(*colors == std::vector<Rgb>{{0, 0, 255}, {255, 0, 0}});
  CHECK_FALSE(anim::exact_colors(pixels, 1).has_value());
}

TEST_CASE("256 exact colours fit, 257 do not") {
  std::vector<Argb> pixels;
  for (Argb i = 0; i < 256; ++i) pixels.push_back(0xFF000000U | i * 0x010101U);
  CHECK(anim::exact_colors(pixels, 256)->size() == 256);
  pixels.push_back(0xFF000001);
  CHECK_FALSE(anim::exact_colors(pixels, 256).has_value());
}

TEST_CASE("a bin holds the true mean of its pixels") {
  const std::vector<Argb> pixels = {0xFF101010, 0xFF121110, 0xFF141210, 0};
  const auto bins = anim::color_bins(pixels);
  REQUIRE(bins.size() == 1);
  CHECK(bins[0].mean == Rgb{0x12, 0x11, 0x10});
}

TEST_CASE("single colours count as often as they are there, transparent ones not at all") {
  const std::vector<Argb> pixels = {0xFF000001, 0, 0xFF000000, 0xFF000001, 0x00123456};
  const auto bins = anim::single_color_bins(pixels);
  REQUIRE(bins.size() == 2);
  CHECK(bins[0].mean == Rgb{0, 0, 0});
  CHECK(bins[0].weight == 1);
  CHECK(bins[1].mean == Rgb{0, 0, 1});
  CHECK(bins[1].weight == 2);
}

TEST_CASE("of very many pixels an even sample of single colours is counted") {
  std::vector<Argb> pixels(200'000, 0xFF000000);
  for (std::size_t i = 0; i < pixels.size() / 2; ++i) pixels[i] = 0xFFFFFFFF;
  const auto bins = anim::single_color_bins(pixels);
  REQUIRE(bins.size() == 2);
  CHECK(bins[0].weight + bins[1].weight <= 65'536);
  CHECK(bins[0].weight == doctest::Approx(bins[1].weight).epsilon(0.01));
}

TEST_CASE("a sample of single colours leaves no column out") {
  std::vector<Argb> pixels;
  for (unsigned i = 0; i < 4 * 65'536; ++i) pixels.push_back(0xFF000000 | i % 4);
  CHECK(anim::single_color_bins(pixels).size() == 4);
  CHECK(anim::single_color_bins(std::vector<Argb>(65'536, 0xFF000000)).front().weight == 65'536);
}

TEST_CASE("a palette has at most the colours asked for, each once") {
  const auto bins = anim::color_bins(gradient());
  for (const int most : {1, 2, 3, 16, 255, 256}) {
    CAPTURE(most);
    const Palette palette = anim::make_palette(bins, most);
    CHECK(palette.colors.size() <= static_cast<std::size_t>(most));
    CHECK(palette.colors.size() >= static_cast<std::size_t>(most) * 9 / 10);
    CHECK(std::set<Rgb>(palette.colors.begin(), palette.colors.end()).size() ==
          palette.colors.size());
  }
}

TEST_CASE("more colours come closer to the picture") {
  const auto bins = anim::color_bins(gradient());
  double last = 1000;
  for (const int most : {2, 4, 16, 64, 256}) {
    CAPTURE(most);
    const double spread = anim::make_palette(bins, most).spread;
    CHECK(spread < last);
    last = spread;
  }
  CHECK(last < 5.5);
}

TEST_CASE("colours that are far apart are found exactly") {
  const std::vector<Argb> pixels = {0xFF000000, 0xFFFFFFFF, 0xFFFF0000, 0xFF00FF00, 0xFF0000FF};
  const Palette palette = anim::make_palette(anim::color_bins(pixels), 5);
  CHECK(palette.spread == 0);
  CHECK(palette.colors == *anim::exact_colors(pixels, 5));
}

TEST_CASE("a small bright thing on a large dark background keeps a colour of its own") {
  std::vector<Argb> pixels = random_pixels(100'000, 1);
  for (Argb& pixel : pixels) pixel &= 0xFF3F3F3FU;
  for (int i = 0; i < 100; ++i) pixels[i] = 0xFFFF2020;
  const Palette palette = anim::make_palette(anim::color_bins(pixels), 16);
  NearestColor nearest(palette.colors);
  const Rgb found = nearest.color(nearest({0xFF, 0x20, 0x20}));
  CHECK(color_distance(found, {0xFF, 0x20, 0x20}) < 100);
}

TEST_CASE("a spread is told up to a limit") {
  const auto bins = anim::color_bins(gradient());
  const Palette palette = anim::make_palette(bins, 64);
  CHECK(anim::palette_spread(bins, palette.colors) == palette.spread);
  CHECK(anim::palette_spread(bins, palette.colors, palette.spread + 0.01) == palette.spread);
  CHECK(anim::palette_spread(bins, palette.colors, palette.spread - 0.01) == anim::kFarSpread);
}

TEST_CASE("colours that are not worth their bytes are left out") {
  const auto bins = anim::color_bins(gradient());
  std::size_t last = 257;
  for (const double worth : {0.0, 0.2, 2.0, 50.0}) {
    CAPTURE(worth);
    const Palette palette = anim::make_palette(bins, 255, worth);
    CHECK(palette.colors.size() < last);
    last = palette.colors.size();
  }
  CHECK(last >= 12);
}

TEST_CASE("no pixel gives no colour") {
  CHECK(anim::make_palette(anim::color_bins({}), 256).colors.empty());
  CHECK(anim::make_palette(anim::color_bins(std::vector<Argb>(10, 0)), 256).colors.empty());
}
