// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/vp8l/color_cache.h"

using namespace anim::vp8l;

TEST_CASE("a place has the latest colour that belongs there") {
  ColorCache cache(1);
  // Two of three colours share one of two places.
  CHECK_FALSE(cache.insert(0xFF000001));
  CHECK(cache.insert(0xFF000001));
  std::uint32_t other = 0xFF000002;
  while (place_in_cache(other, 1) != place_in_cache(0xFF000001, 1)) ++other;
  CHECK_FALSE(cache.insert(other));
  CHECK_FALSE(cache.insert(0xFF000001));
}

TEST_CASE("it begins with zeros") {
  ColorCache cache(11);
  CHECK(cache.insert(0));
}

TEST_CASE("places are the highest bits of a product") {
  CHECK(place_in_cache(1, 4) == 0x1);
  CHECK(place_in_cache(1, 11) == 0x1E35A7BDU >> 21);
}
