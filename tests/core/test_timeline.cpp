// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/timeline.h"

using anim::Nanoseconds;
using anim::part_of;
using anim::Rational;
using anim::SamplePlan;
using anim::samples_on;
using anim::SourceFacts;
using anim::TaskSource;
using anim::TimelinePart;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a part begins at StartTime and ends after Duration") {
  TaskSource source;
  source.start_time = Rational(5, 2);
  const TimelinePart open = part_of(source, seconds(7));
  CHECK(open.start == milliseconds(2500));
  CHECK_FALSE(open.stop);
  CHECK(open.offset == seconds(7));
  source.duration = Rational(3);
  CHECK(part_of(source).stop == milliseconds(5500));
  CHECK(part_of(source).offset == Nanoseconds(0));
}

TEST_CASE("samples on the first part begin at the animation's start") {
  SamplePlan plan;
  plan.start = seconds(2);
  plan.interval = milliseconds(300);
  plan.max_frames = 9;
  const auto here = samples_on({.start = seconds(5), .stop = {}, .offset = {}}, plan);
  REQUIRE(here.size() == 1);
  CHECK(here[0].start == seconds(7));
  CHECK(here[0].interval == milliseconds(300));
  CHECK(here[0].max_frames == 9);
}

TEST_CASE("samples on a later part go on with the grid of the timeline") {
  SamplePlan plan;
  plan.start = milliseconds(100);
  plan.interval = milliseconds(300);
  // 100, 400, 700, 1000 | 1300: the first one after 1.2 s.
  const auto here =
      samples_on({.start = seconds(5), .stop = {}, .offset = milliseconds(1200)}, plan);
  REQUIRE(here.size() == 1);
  CHECK(here[0].start == milliseconds(5100));
  CHECK(here[0].max_frames == 0);

  plan.max_frames = 6;
  CHECK(samples_on({.start = {}, .stop = {}, .offset = milliseconds(1200)}, plan)[0].max_frames ==
        2);
  plan.max_frames = 4;
  CHECK(samples_on({.start = {}, .stop = {}, .offset = milliseconds(1200)}, plan).empty());
}

TEST_CASE("a sample at the seam is of the later part") {
  SamplePlan plan;
  plan.interval = milliseconds(400);
  const auto here = samples_on({.start = {}, .stop = {}, .offset = milliseconds(1200)}, plan);
  CHECK(here.at(0).start == Nanoseconds(0));
}

TEST_CASE("a start after the seam is the start on the part") {
  SamplePlan plan;
  plan.start = milliseconds(1500);
  plan.interval = milliseconds(400);
  plan.max_frames = 3;
  const auto here =
      samples_on({.start = seconds(1), .stop = {}, .offset = milliseconds(1200)}, plan);
  CHECK(here.at(0).start == milliseconds(1300));
  CHECK(here.at(0).max_frames == 3);
}

TEST_CASE("a rate that nanoseconds cannot say is asked for on both sides") {
  SamplePlan plan;
  plan.rate = Rational(3);
  // Samples at 0, 1/3, 2/3, 1, 4/3: 1/3 s after the seam at 1 s comes 4/3.
  const auto here = samples_on({.start = {}, .stop = {}, .offset = milliseconds(1100)}, plan);
  REQUIRE(here.size() == 2);
  CHECK(here[0].start == Nanoseconds(233'333'333));
  CHECK(here[1].start == Nanoseconds(233'333'334));
  CHECK(here[0].rate == Rational(3));
}

TEST_CASE("every frame of a later part is wanted from its start") {
  const auto here = samples_on({.start = seconds(4), .stop = {}, .offset = seconds(2)}, {});
  REQUIRE(here.size() == 1);
  CHECK(here[0].start == seconds(4));
}

TEST_CASE("the whole has the picture of one source and the length of all") {
  std::vector<SourceFacts> parts = {
      {.size = {640, 480}, .frame_rate = Rational(25), .length = seconds(2)},
      {.size = {320, 240}, .frame_rate = {}, .length = milliseconds(1500)},
  };
  const SourceFacts all = anim::joined_facts(parts, 1);
  CHECK(all.size == anim::Size{320, 240});
  CHECK_FALSE(all.frame_rate);
  CHECK(all.length == milliseconds(3500));
  parts[0].length.reset();
  CHECK_FALSE(anim::joined_facts(parts, 0).length);
  CHECK(anim::joined_facts(parts, 0).frame_rate == Rational(25));
}
