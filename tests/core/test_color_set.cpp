// SPDX-License-Identifier: LGPL-2.1-or-later
// A set of colours against std::set.
#include <random>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/color_set.h"

using anim::ColorSet;
using anim::Rgb;

TEST_CASE("a colour is new once, and then is there") {
  std::mt19937 random(3);
  ColorSet set;
  std::set<Rgb> known;
  while (known.size() < 257) {
    const Rgb color = anim::rgb_of(random() % 4 == 0 ? random() : random() & 0x070F03U);
    REQUIRE(set.insert(color) == known.insert(color).second);
    REQUIRE_FALSE(set.insert(color));
  }
  CHECK(set.sorted() == std::vector<Rgb>(known.begin(), known.end()));
}
