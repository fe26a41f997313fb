// SPDX-License-Identifier: LGPL-2.1-or-later
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/frame_demand.h"

using anim::FrameDemand;
using anim::kSecond;
using anim::Nanoseconds;
using anim::Rational;
using anim::SamplingPlan;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kDistance{40};

SamplingPlan every(milliseconds period) {
  SamplingPlan plan;
  plan.period = Rational(Nanoseconds(period).count());
  return plan;
}

/// Which of `count` frames, 40 ms apart from `first` on, are needed.
std::vector<int> needed(FrameDemand demand, int count, milliseconds first = milliseconds(0),
                        int hidden = 0) {
  std::vector<bool> is_needed(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const auto answer = demand.frame(
        {.time = first + i * kDistance, .duration = kDistance, .may_be_hidden = i < hidden});
    const auto at = static_cast<std::size_t>(i);
    if (answer.needs_this) is_needed[at] = true;
    if (answer.shows_previous) is_needed[at - 1] = true;
    if (demand.is_done()) break;
  }
  std::vector<int> out;
  for (int i = 0; i < count; ++i) {
    if (is_needed[static_cast<std::size_t>(i)]) out.push_back(i);
  }
  return out;
}

}  // namespace

TEST_CASE("the frames that a sampler shows are needed, and the first two") {
  CHECK(needed(FrameDemand({every(milliseconds(200))}), 14) == std::vector{0, 1, 5, 10});
}

TEST_CASE("several plans need what any of them shows") {
  CHECK(needed(FrameDemand({every(milliseconds(200)), every(milliseconds(320))}), 14) ==
        std::vector{0, 1, 5, 8, 10});
}

TEST_CASE("what is wanted next is known once the first two frames are there") {
  SamplingPlan later = every(milliseconds(0));
  later.start = milliseconds(90);
  FrameDemand demand({every(milliseconds(200)), later});
  CHECK_FALSE(demand.next_time());
  const auto show = [&](int number, bool may_be_hidden = false) {
    (void)demand.frame(
        {.time = number * kDistance, .duration = kDistance, .may_be_hidden = may_be_hidden});
  };
  show(1, true);
  CHECK_FALSE(demand.next_time());
  show(2);
  CHECK_FALSE(demand.next_time());
  show(3);
  CHECK(demand.next_time() == milliseconds(40 + 90));  // `later`, if the hidden frame is the first
  show(6);
  CHECK(demand.next_time() == milliseconds(40 + 200));
}

TEST_CASE("nothing is wanted after the last sample") {
  SamplingPlan plan = every(milliseconds(200));
  plan.max_samples = 1;
  FrameDemand demand({plan});
  (void)demand.frame({.time = milliseconds(0)});
  (void)demand.frame({.time = milliseconds(40)});
  CHECK(demand.next_time() == anim::kForever);
}

TEST_CASE("the frame after the last sample is needed, and none after it") {
  SamplingPlan plan = every(milliseconds(200));
  plan.max_samples = 2;
  CHECK(needed(FrameDemand({plan}), 100) == std::vector{0, 1, 5, 6});
}

TEST_CASE("a frame that may not be given out makes each one after it a possible first") {
  // Zero is frame 0, 1 or 2: samples at 0, 5, 10; 1, 6, 11; 2, 7, 12.
  CHECK(needed(FrameDemand({every(milliseconds(200))}), 14, milliseconds(0), 2) ==
        std::vector{0, 1, 2, 3, 5, 6, 7, 10, 11, 12});
}

TEST_CASE("frames that may not be given out take no sample from those that follow") {
  SamplingPlan plan;
  plan.start = milliseconds(1000);
  plan.max_samples = 5;
  FrameDemand demand({plan});
  for (const int time : {0, 900, 950, 1000, 1050}) {
    (void)demand.frame({.time = milliseconds(time), .may_be_hidden = true});
  }
  // Where of those only the first comes, the samples are that one and the four from 1100 on.
  for (const int time : {1100, 1140, 1180, 1220}) {
    (void)demand.frame({.time = milliseconds(time), .duration = kDistance});
  }
  CHECK(demand.frame({.time = milliseconds(1260), .duration = kDistance}).shows_previous);
}

TEST_CASE("where zero is known, the first frame that is given out shows the samples before it") {
  SamplingPlan plan = every(milliseconds(40));
  plan.max_samples = 2;
  CHECK(needed(FrameDemand({plan}, anim::Zero::SegmentStart), 14, milliseconds(0), 4) ==
        std::vector{0, 1, 2, 3, 4, 5});
}

TEST_CASE("of the frames before a segment the last one may be cut to its beginning") {
  const auto frames = needed(FrameDemand({every(milliseconds(200))}), 14, milliseconds(-100));
  // At -20 ms; then zero is the segment's beginning or the first frame in it, at 20 ms.
  CHECK(frames.front() == 2);
  CHECK(frames[1] == 3);
}

TEST_CASE("a sample beyond a frame's own duration needs the next frame to end it") {
  FrameDemand demand({every(milliseconds(500))});
  (void)demand.frame({.time = milliseconds(0), .duration = kDistance});
  (void)demand.frame({.time = milliseconds(40), .duration = kDistance});
  (void)demand.frame({.time = milliseconds(400), .duration = kDistance});
  const auto held = demand.frame({.time = milliseconds(3000), .duration = kDistance});
  CHECK(held.shows_previous);
  CHECK(held.needs_this);
  const auto next = demand.frame({.time = milliseconds(3040), .duration = kDistance});
  CHECK(next.shows_previous);  // the sample at 3 s
  CHECK_FALSE(next.needs_this);
}

TEST_CASE("at the end the last frame is needed when a sample may still fall on it") {
  FrameDemand near_end({every(milliseconds(1000))});
  FrameDemand far_from_end({every(milliseconds(10'000))});
  for (int i = 0; i < 24; ++i) {
    (void)near_end.frame({.time = i * kDistance, .duration = kDistance});
    (void)far_from_end.frame({.time = i * kDistance, .duration = kDistance});
  }
  CHECK(near_end.end());
  CHECK_FALSE(far_from_end.end());
}

TEST_CASE(
    "the end that is kept is the frame before a time and the next, or the last one of a shorter "
    "stream") {
  SamplingPlan early = every(milliseconds(0));
  early.max_samples = 1;
  FrameDemand until({early});
  until.keep_end(milliseconds(240));
  CHECK(needed(until, 14) == std::vector{0, 1, 5, 6});

  FrameDemand between({early});
  between.keep_end(milliseconds(250));
  CHECK(needed(between, 14) == std::vector{0, 1, 6, 7});

  for (const auto time : {Nanoseconds(milliseconds(5000)), anim::kForever}) {
    FrameDemand whole({early});
    whole.keep_end(time);
    for (int i = 0; i < 14; ++i) {
      (void)whole.frame({.time = i * kDistance, .duration = kDistance});
    }
    CHECK_FALSE(whole.is_done());
    REQUIRE(whole.next_time());
    CHECK(*whole.next_time() != anim::kForever);
    CHECK(whole.end());
  }
}

TEST_CASE("random access points alone are needed, and the first frame") {
  SamplingPlan plan;
  plan.keys_alone = true;
  plan.start = milliseconds(300);
  plan.max_samples = 2;
  FrameDemand demand({plan});
  CHECK(demand.keys_alone());
  std::vector<int> wanted;
  for (int i = 0; i < 60 && !demand.is_done(); ++i) {
    const auto answer =
        demand.frame({.time = i * kDistance, .duration = kDistance, .is_key = i % 10 == 5});
    CHECK_FALSE(answer.shows_previous);
    if (answer.needs_this) wanted.push_back(i);
  }
  // 5 is before the start, 15 and 25 are the samples, and 35 ends the last of them.
  CHECK(wanted == std::vector{0, 15, 25, 35});
  CHECK(demand.end_time() == 35 * kDistance);
}

TEST_CASE("the end of random access points is that of the stream, or their stop") {
  SamplingPlan plan;
  plan.keys_alone = true;
  FrameDemand all({plan});
  plan.stop = milliseconds(500);
  FrameDemand stopped({plan});
  for (int i = 0; i < 30; ++i) {
    for (FrameDemand* demand : {&all, &stopped}) {
      if (demand->is_done()) continue;
      const auto answer =
          demand->frame({.time = i * kDistance, .duration = kDistance, .is_key = i == 0});
      CHECK(answer.needs_this == (i == 0));
    }
  }
  CHECK_FALSE(all.end());
  CHECK(all.end_time() == 30 * kDistance);
  CHECK(stopped.end_time() == 13 * kDistance);
}

TEST_CASE("beside another plan random access points are needed as well") {
  SamplingPlan keys;
  keys.keys_alone = true;
  FrameDemand demand({keys, every(milliseconds(400))});
  CHECK_FALSE(demand.keys_alone());
  std::vector<int> wanted;
  for (int i = 0; i < 24; ++i) {
    const auto answer =
        demand.frame({.time = i * kDistance, .duration = kDistance, .is_key = i % 7 == 0});
    if (answer.shows_previous && (wanted.empty() || wanted.back() != i - 1)) {
      wanted.push_back(i - 1);
    }
    if (answer.needs_this) wanted.push_back(i);
  }
  CHECK(wanted == std::vector{0, 1, 7, 10, 14, 20, 21});
}
