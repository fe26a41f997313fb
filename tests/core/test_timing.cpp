// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>

#include <doctest/doctest.h>

#include "gst/core/timing.h"

using anim::Nanoseconds;
using anim::TickGrid;

TEST_CASE("rounding the running sum never drifts") {
  TickGrid grid(1000, 1);
  for (int frame = 0; frame < 100'000; ++frame) {
    const Nanoseconds pts(anim::kSecond * frame * 1001 / 30000);
    const double exact = frame * 1001.0 / 30.0;
    REQUIRE(std::abs(static_cast<double>(grid.at(pts)) - exact) <= 0.5001);
  }
}

TEST_CASE("the first frame is zero wherever it starts") {
  TickGrid grid(100, 2);
  CHECK(grid.at(Nanoseconds(767'000'000)) == 0);
  CHECK(grid.at(Nanoseconds(867'000'000)) == 10);
}

TEST_CASE("a frame waits until the one on screen has had its shortest time") {
  const TickGrid grid(100, 2);
  CHECK_FALSE(grid.may_follow(10, 11));
  CHECK(grid.may_follow(10, 12));
  CHECK(grid.end_after(10, 11) == 12);
  CHECK(grid.end_after(10, 30) == 30);
}

TEST_CASE("the last frame lasts its duration, else as long as the one before") {
  using std::nullopt;
  const Nanoseconds fallback(40);
  CHECK(anim::end_of_last_frame(Nanoseconds(100), Nanoseconds(7), Nanoseconds(90), fallback)
            .count() == 107);
  CHECK(anim::end_of_last_frame(Nanoseconds(100), nullopt, Nanoseconds(90), fallback).count() ==
        110);
  CHECK(anim::end_of_last_frame(Nanoseconds(100), Nanoseconds(0), nullopt, fallback).count() ==
        140);
}
