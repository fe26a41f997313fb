// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>

#include <doctest/doctest.h>

#include "gst/core/nearest.h"

using anim::nearest;

TEST_CASE("the nearest whole number, of two the even one") {
  CHECK(nearest(0.5F) == 0);
  CHECK(nearest(1.5F) == 2);
  CHECK(nearest(2.5F) == 2);
  CHECK(nearest(-1.5F) == -2);
  CHECK(nearest(254.49999F) == 254);
  CHECK(nearest(65535.0F) == 65535);
  CHECK(nearest(4'194'303.5F) == 4'194'304);
  CHECK(nearest(-4'194'303.5F) == -4'194'304);
}

TEST_CASE("it is what lrint says") {
  for (int i = -300'000; i < 300'000; ++i) {
    const float value = static_cast<float>(i) * 0.21875F;
    REQUIRE(nearest(value) == std::lrint(value));
  }
}
