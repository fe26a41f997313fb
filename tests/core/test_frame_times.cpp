// SPDX-License-Identifier: LGPL-2.1-or-later
// The times of frames that say little or nothing about them.
#include <doctest/doctest.h>

#include "gst/core/frame_times.h"

using anim::FrameTimes;
using anim::Nanoseconds;
using std::chrono::milliseconds;

TEST_CASE("a frame starts when it says") {
  FrameTimes times;
  CHECK(times.add(milliseconds(70), milliseconds(20)) == milliseconds(70));
  CHECK(times.add(milliseconds(110), std::nullopt) == milliseconds(110));
}

TEST_CASE("without times the first frame is at zero and each follows the one before") {
  FrameTimes times;
  times.set_nominal(milliseconds(40));
  CHECK(times.add(std::nullopt, std::nullopt) == Nanoseconds(0));
  CHECK(times.add(std::nullopt, milliseconds(25)) == milliseconds(40));
  CHECK(times.add(std::nullopt, std::nullopt) == milliseconds(65));
}

TEST_CASE("the last frame has its own duration, else the distance, else the rate, else 100 ms") {
  FrameTimes times;
  times.add(milliseconds(0), std::nullopt);
  CHECK(times.end() == milliseconds(100));
  times.set_nominal(milliseconds(40));
  CHECK(times.end() == milliseconds(40));
  times.add(milliseconds(30), std::nullopt);
  CHECK(times.end() == milliseconds(60));
  times.add(milliseconds(60), milliseconds(7));
  CHECK(times.end() == milliseconds(67));
}

TEST_CASE("a gap holds the frame on screen and moves a frame without a time") {
  FrameTimes times;
  times.hold_until(milliseconds(500));
  CHECK(times.end() == Nanoseconds(0));
  times.add(milliseconds(0), milliseconds(40));
  times.hold_until(milliseconds(300));
  CHECK(times.end() == milliseconds(300));
  CHECK(times.add(std::nullopt, milliseconds(40)) == milliseconds(300));
  CHECK(times.end() == milliseconds(340));
}

TEST_CASE("time does not run backwards") {
  FrameTimes times;
  times.add(milliseconds(100), milliseconds(40));
  CHECK(times.add(milliseconds(50), milliseconds(40)) == milliseconds(100));
}
