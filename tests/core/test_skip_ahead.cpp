// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits>
#include <optional>

#include <doctest/doctest.h>

#include "gst/core/skip_ahead.h"

using anim::Nanoseconds;
using anim::SkipAhead;
using std::nullopt;

namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kMargin = 17 * 40;  // ms

std::optional<Nanoseconds> ms(std::int64_t time) {
  return Nanoseconds(time * kMs);
}

/// 25 frames a second, of which so many came that skipping may begin; the last at 640 ms.
SkipAhead settled() {
  SkipAhead ahead;
  ahead.set_distance(*ms(40));
  for (int i = 0; i < SkipAhead::kFrames; ++i) {
    CHECK_FALSE(ahead.frame(*ms(i * 40), nullopt).deadline);
  }
  return ahead;
}

}  // namespace

TEST_CASE("the deadline is a margin of 17 frames before the next sample, told once") {
  SkipAhead ahead = settled();
  CHECK(ahead.frame(*ms(680), ms(5000)).deadline == ms(5000 - kMargin));
  CHECK_FALSE(ahead.frame(*ms(720), ms(5000)).deadline);
  CHECK_FALSE(ahead.frame(*ms(5000), ms(5000)).deadline);
  CHECK(ahead.frame(*ms(5040), ms(10000)).deadline == ms(10000 - kMargin));
}

TEST_CASE("the margin is 0.2 s at least") {
  SkipAhead ahead;
  ahead.set_distance(*ms(10));
  for (int i = 0; i < SkipAhead::kFrames; ++i) CHECK(ahead.frame(*ms(i * 10), nullopt).is_steady);
  CHECK(ahead.frame(*ms(170), ms(1000)).deadline == ms(800));
}

TEST_CASE("nothing is told when it would not help") {
  SkipAhead ahead = settled();
  CHECK_FALSE(ahead.frame(*ms(680), nullopt).deadline);
  CHECK_FALSE(ahead.frame(*ms(720), ms(720 + kMargin)).deadline);
  CHECK(ahead.frame(*ms(760), ms(760 + kMargin + 1)).deadline == ms(761));
}

TEST_CASE("nothing is told before the frames have shown their distance") {
  SkipAhead ahead;
  ahead.set_distance(*ms(40));
  for (int i = 0; i < SkipAhead::kFrames - 1; ++i) {
    CHECK_FALSE(ahead.frame(*ms(i * 40), ms(5000)).deadline);
  }
  CHECK(ahead.frame(*ms(640), ms(5000)).deadline);
  ahead.set_distance(*ms(20));
  CHECK_FALSE(ahead.frame(*ms(660), ms(9000)).deadline);
}

TEST_CASE("frames farther apart than stated end it") {
  SkipAhead ahead = settled();
  CHECK(ahead.frame(*ms(700), ms(5000)).is_steady);
  ahead = settled();
  const auto step = ahead.frame(*ms(701), ms(5000));
  CHECK_FALSE(step.is_steady);
  CHECK_FALSE(step.deadline);
}

TEST_CASE("what was skipped is no gap") {
  SkipAhead ahead = settled();
  CHECK(ahead.frame(*ms(680), ms(5000)).deadline == ms(4320));
  CHECK(ahead.frame(*ms(720), ms(5000)).is_steady);
  CHECK(ahead.frame(*ms(4320), ms(5000)).is_steady);
  // Units that nothing refers to are skipped a little beyond the deadline.
  CHECK(ahead.frame(*ms(4800), ms(5000)).is_steady);
  CHECK(ahead.frame(*ms(5040), ms(10000)).deadline);
}

TEST_CASE("a sample without a frame since the deadline has lost its own") {
  SkipAhead ahead = settled();
  CHECK(ahead.frame(*ms(680), ms(5000)).deadline == ms(4320));
  SkipAhead late = ahead;
  CHECK(ahead.frame(Nanoseconds(5000 * kMs + 2), ms(5000)).is_steady);
  const auto step = late.frame(Nanoseconds(5000 * kMs + 3), ms(10000));
  CHECK_FALSE(step.is_steady);
  CHECK_FALSE(step.deadline);
}

TEST_CASE("a frame out of order counts as nothing") {
  SkipAhead ahead = settled();
  CHECK(ahead.frame(*ms(0), nullopt).is_steady);
  CHECK(ahead.frame(*ms(680), nullopt).is_steady);
}

TEST_CASE("the slowest frame rate does not overflow") {
  constexpr std::int64_t kSlowest = 2'147'483'647'000'000'000;
  SkipAhead ahead;
  ahead.set_distance(Nanoseconds(kSlowest));
  for (int i = 0; i < SkipAhead::kFrames; ++i) {
    CHECK_FALSE(ahead.frame(*ms(i), Nanoseconds::max()).deadline);
  }
}
