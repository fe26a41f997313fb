// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <initializer_list>

#include <doctest/doctest.h>

#include "gst/core/vp8l/code_cost.h"

using namespace anim::vp8l;

TEST_CASE("weighted logarithms are the same on both sides of the table's end") {
  CHECK(weighted_log(0) == 0);
  CHECK(weighted_log(1) == 0);
  for (const std::uint32_t n : {2U, 1000U, 4095U, 4096U, 4097U, 1U << 30}) {
    CAPTURE(n);
    CHECK(weighted_log(n) == doctest::Approx(n * std::log2(n)).epsilon(1e-6));
  }
}

TEST_CASE("symbols that come up again cost what they do at once") {
  CodeCost once;
  once.add(7);
  once.add(0);
  once.add(5000);
  CodeCost grown;
  grown.add(2);
  grown.add(4000);
  grown.grow(2, 5);
  grown.grow(4000, 1000);
  CHECK(grown.bits() == doctest::Approx(once.bits()));
}

TEST_CASE("a single symbol takes no bits where it comes up") {
  CodeCost nothing;
  CodeCost one;
  one.add(1'000'000);
  CHECK(one.bits() == nothing.bits());
  one.add(1'000'000);
  CHECK(one.bits() > 2'000'000);
}
