// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>

#include <doctest/doctest.h>

#include "gst/core/vp8/entropy.h"

TEST_CASE("bits cost the logarithm of their probability") {
  CHECK(anim::vp8::bit_cost(false, 128) == 256);
  CHECK(anim::vp8::bit_cost(true, 128) == 256);
  CHECK(anim::vp8::bit_cost(false, 64) == 512);
  CHECK(anim::vp8::bit_cost(true, 192) == 512);
  CHECK(anim::vp8::bit_cost(true, 255) == 2048);
  CHECK(anim::vp8::bit_cost(false, 255) == std::lround(256 * std::log2(256.0 / 255)));
}
