// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/live_times.h"

using anim::LiveTimes;
using anim::Nanoseconds;

namespace {

constexpr Nanoseconds operator""_ms(unsigned long long ms) {
  return Nanoseconds(static_cast<std::int64_t>(ms) * 1'000'000);
}

}  // namespace

TEST_CASE("the order of decoding and pauses are no jumps") {
  LiveTimes times;
  for (const Nanoseconds time :
       {0_ms, 120_ms, 40_ms, 80_ms, 240_ms, 160_ms, 60'000_ms, 59'900_ms}) {
    CHECK(times.shift(time, {}, {}) == 0_ms);
  }
  CHECK(times.jumps() == 0);
}

TEST_CASE("a stream that begins anew goes on after the newest unit") {
  LiveTimes times;
  (void)times.shift(20'000_ms, {}, {});
  (void)times.shift(20'040_ms, {}, {});
  CHECK(times.shift(0_ms, {}, {}) == 20'080_ms);
  CHECK(times.shift(40_ms, {}, {}) == 20'080_ms);
  CHECK(times.jumps() == 1);
}

TEST_CASE("a stream that begins anew later than the newest unit comes now") {
  LiveTimes times;
  (void)times.shift(20'000_ms, {}, 20'010_ms);
  CHECK(times.shift(100_ms, {}, 25'000_ms) == 24'900_ms);
  CHECK(times.shift(140_ms, {}, 25'040_ms) == 24'900_ms);
}

TEST_CASE("years ahead are a jump where no clock tells, again and again") {
  LiveTimes times;
  constexpr Nanoseconds kYears{2'000'000'000'000'000'000};
  (void)times.shift(0_ms, {}, {});
  for (int i = 1; i < 20; ++i) {
    CHECK(times.shift(kYears, {}, {}) + kYears == 40_ms * (2 * i - 1));
    CHECK(times.shift(0_ms, {}, {}) == 40_ms * 2 * i);
  }
}

TEST_CASE("far ahead of the clock is a jump, a pause as long as the clock's is none") {
  LiveTimes times;
  (void)times.shift(1'000_ms, {}, 1'000_ms);
  CHECK(times.shift(90'000'000_ms, {}, 1'040_ms) == 1'040_ms - 90'000'000_ms);
  LiveTimes paused;
  (void)paused.shift(1'000_ms, {}, 1'000_ms);
  CHECK(paused.shift(90'000'000_ms, {}, 90'000'000_ms) == 0_ms);
}

TEST_CASE("a file that is read faster than the clock goes on as it is") {
  LiveTimes times;
  for (int i = 0; i < 1000; ++i) CHECK(times.shift(i * 40_ms, {}, 0_ms) == 0_ms);
}

TEST_CASE("decoding times tell a smaller jump") {
  LiveTimes times;
  (void)times.shift(4'000_ms, 3'960_ms, {});
  CHECK(times.shift(80_ms, 0_ms, {}) == 4'040_ms - 80_ms + 0_ms);
  CHECK(times.jumps() == 1);
}
