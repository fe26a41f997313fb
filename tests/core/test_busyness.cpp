// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/busyness.h"
#include "gst/core/shade.h"

namespace {

using anim::Argb;
using anim::Busyness;
using anim::busyness;

Argb grey(int level) {
  const auto byte = static_cast<std::uint8_t>(level);
  return anim::opaque({byte, byte, byte});
}

/// Of so many levels' difference from one of the four neighbours.
std::int16_t from_one(int levels) {
  return static_cast<std::int16_t>(levels * anim::kShadeLevel / 4);
}

}  // namespace

TEST_CASE("each pixel counts what differs above, below and beside it") {
  std::vector<Argb> pixels(20, grey(100));
  CHECK(busyness(pixels, 5) == Busyness(20, 0));
  pixels[7] = grey(112);
  Busyness expected(20, 0);
  for (const std::size_t neighbour : {2, 6, 8, 12}) expected[neighbour] = from_one(12);
  expected[7] = from_one(4 * 12);
  CHECK(busyness(pixels, 5) == expected);
}

TEST_CASE("the end of a row is no neighbour of the next row's beginning") {
  const std::vector<Argb> pixels = {grey(0), grey(0), grey(40), grey(80), grey(0), grey(40)};
  CHECK(busyness(pixels, 3) == Busyness{from_one(80), from_one(40), from_one(40),  // each row
                                        from_one(160), from_one(120), from_one(40)});
}

TEST_CASE("what is not drawn differs from nothing") {
  CHECK(busyness(std::vector<Argb>{grey(10), 0, grey(90)}, 3) == Busyness(3, 0));
  CHECK(busyness(std::vector<Argb>{grey(10), 0, grey(90)}, 1) == Busyness(3, 0));
  CHECK(busyness(std::vector<Argb>{}, 4).empty());
}

namespace {

/// The mean of the differences to the neighbours, as the docstring has it.
Busyness plainly(const std::vector<Argb>& pixels, int width) {
  const int height = static_cast<int>(pixels.size()) / width;
  const auto at = [&](int x, int y) { return pixels[static_cast<std::size_t>(y * width + x)]; };
  const auto apart = [&](int x, int y, int beside_x, int beside_y) {
    const bool is_inside = beside_x >= 0 && beside_x < width && beside_y >= 0 && beside_y < height;
    if (!is_inside || anim::alpha_of(at(x, y)) == 0) return 0;
    if (anim::alpha_of(at(beside_x, beside_y)) == 0) return 0;
    return std::abs(anim::shade_luma(anim::rgb_of(at(x, y))) -
                    anim::shade_luma(anim::rgb_of(at(beside_x, beside_y))));
  };
  Busyness out;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int sum = apart(x, y, x - 1, y) + apart(x, y, x + 1, y) + apart(x, y, x, y - 1) +
                      apart(x, y, x, y + 1);
      out.push_back(static_cast<std::int16_t>(sum / 4));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("wide pictures with holes are as busy as each of their pixels") {
  std::mt19937 random(4);
  for (const int width : {1, 7, 16, 70}) {
    std::vector<Argb> pixels(static_cast<std::size_t>(width) * 9);
    for (Argb& pixel : pixels) {
      pixel = random() % 5 == 0 ? 0 : 0xFF000000U | static_cast<Argb>(random() & 0xFFFFFFU);
    }
    CAPTURE(width);
    CHECK(busyness(pixels, width) == plainly(pixels, width));
  }
}
