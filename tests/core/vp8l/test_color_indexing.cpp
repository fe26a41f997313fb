// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/vp8l/color_indexing.h"

using namespace anim::vp8l;

namespace {

/// Pixels that take `colors` colours in turn.
Pixels in_turn(int width, int height, std::uint32_t colors) {
  Pixels pixels{width, height, {}};
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(width * height); ++i) {
    pixels.words.push_back(0xFFFFFF00U - 3 * (i % colors));
  }
  return pixels;
}

}  // namespace

TEST_CASE("a table has each colour once, in order") {
  CHECK(color_table(in_turn(5, 5, 3)) ==
        std::vector<std::uint32_t>{0xFFFFFEFA, 0xFFFFFEFD, 0xFFFFFF00});
  CHECK(color_table(in_turn(16, 32, 256))->size() == 256);
  CHECK_FALSE(color_table(in_turn(16, 32, 257)));
}

TEST_CASE("transparent black is a colour like others") {
  CHECK(color_table({2, 1, {0, 0xFF000000}}) == std::vector<std::uint32_t>{0, 0xFF000000});
}

TEST_CASE("pixels become their places in green, several in one where they fit") {
  const std::vector<std::uint32_t> two = {1, 2};
  const Pixels bits = indexed({10, 1, {2, 1, 1, 1, 1, 1, 1, 2, 2, 1}}, two);
  CHECK(bits.width == 2);
  CHECK(bits.words == std::vector<std::uint32_t>{0xFF008100, 0xFF000100});
  const std::vector<std::uint32_t> four = {1, 2, 3, 4};
  CHECK(indexed({5, 1, {4, 3, 2, 1, 4}}, four).words ==
        std::vector<std::uint32_t>{0xFF001B00, 0xFF000300});
  const std::vector<std::uint32_t> five = {1, 2, 3, 4, 5};
  CHECK(indexed({3, 1, {5, 1, 4}}, five).words ==
        std::vector<std::uint32_t>{0xFF000400, 0xFF000300});
}

TEST_CASE("large tables have a pixel for each") {
  const Pixels pixels = in_turn(17, 1, 17);
  const Pixels places = indexed(pixels, *color_table(pixels));
  CHECK(places.width == 17);
  CHECK(places.words.front() == 0xFF001000);
  CHECK(places.words.back() == 0xFF000000);
}
