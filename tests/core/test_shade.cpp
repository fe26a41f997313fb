// SPDX-License-Identifier: LGPL-2.1-or-later
// How alike colours are.
#include <doctest/doctest.h>

#include "gst/core/shade.h"

using anim::Rgb;

TEST_CASE("a level of grey is sixteen units, hue counts less than brightness") {
  const auto apart = [](Rgb a, Rgb b) { return distance(anim::shade_of(a), anim::shade_of(b)); };
  CHECK(apart({100, 100, 100}, {103, 103, 103}) == 48 * 48);
  CHECK(apart({0, 0, 0}, {255, 255, 255}) == 4080 * 4080);
  // Of the same luma, by ten levels of blue.
  CHECK(apart({100, 100, 100}, {100, 98, 110}) < apart({100, 100, 100}, {104, 104, 104}));
  CHECK(apart({100, 100, 100}, {100, 98, 110}) > 0);
}
