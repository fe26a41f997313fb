// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/plan.h"

using anim::AnimationFormat;
using anim::AnimationRequest;
using anim::Nanoseconds;
using anim::OutputPlan;
using anim::Rational;
using anim::SamplingMode;
using anim::ScaleType;
using anim::Side;
using anim::Size;
using anim::SourceFacts;
using std::chrono::milliseconds;

namespace {

constexpr Side kSourceSide{};

Side ratio(Rational value) {
  return {Side::Kind::Ratio, value};
}

Side pixels(int value) {
  return {Side::Kind::Pixels, Rational(value)};
}

Side follow() {
  return {Side::Kind::Follow, Rational(-1)};
}

/// 30 s of 1920x1080 at 30 frames a second.
SourceFacts constant() {
  return {.size = {1920, 1080}, .frame_rate = Rational(30), .length = milliseconds(30'000)};
}

SourceFacts variable() {
  return {.size = {1920, 1080}, .frame_rate = std::nullopt, .length = milliseconds(30'000)};
}

AnimationRequest request() {
  AnimationRequest out;
  out.path = "/A";
  return out;
}

OutputPlan plan(const AnimationRequest& request, const SourceFacts& source = constant()) {
  auto out = anim::plan_output(request, source);
  REQUIRE(out.ok());
  return std::move(out).value();
}

}  // namespace

TEST_CASE("the service's second request is 25 frames in 1667 ms at half the size") {
  AnimationRequest seed = request();
  seed.interval = Rational(1);
  seed.frame_rate = Rational(15);
  seed.width = seed.height = ratio(Rational(1, 2));
  seed.scale_type = ScaleType::Fit;
  SourceFacts source = constant();
  source.length =
      anim::trimmed_length(
          {.path = "/S", .uri = {}, .start_time = Rational(5), .duration = Rational(25)},
          milliseconds(30'033))
          .value();
  const OutputPlan out = plan(seed, source);
  CHECK(out.frames == 25U);
  CHECK(out.duration == Nanoseconds(1'666'666'667));
  CHECK(out.size == Size{960, 540});
  CHECK(out.sample.start == Nanoseconds(0));
  CHECK(out.sample.interval == Nanoseconds(1'000'000'000));
  CHECK(out.sample.rate == Rational(0));
  CHECK(out.sample.frame_rate == Rational(15));
  CHECK(out.scale.width == 0.5);
  CHECK(out.scale.type == ScaleType::Fit);
  CHECK(out.warnings.empty());
}

TEST_CASE("samples are taken while before the end, at most as many as asked") {
  struct Row {
    const char* label;
    Rational interval;
    Rational start;
    std::uint64_t number;
    int length_ms;
    std::uint64_t frames;
  };
  const auto rows = std::to_array<Row>({
      {"the end itself is not sampled", Rational(1), Rational(0), 0, 30'000, 30},
      {"just past a sample", Rational(1), Rational(0), 0, 30'001, 31},
      {"an interval past the end is one sample", Rational(100), Rational(0), 0, 30'000, 1},
      {"from a later start", Rational(1), Rational(5, 2), 0, 30'000, 28},
      {"a number ends it", Rational(1), Rational(0), 5, 30'000, 5},
      {"a number past the end", Rational(1), Rational(0), 500, 30'000, 30},
      {"a third of a second", Rational(1, 3), Rational(0), 0, 10'000, 30},
      {"a tenth", Rational(1, 10), Rational(0), 0, 30'000, 300},
  });
  for (const Row& row : rows) {
    CAPTURE(row.label);
    AnimationRequest wanted = request();
    wanted.interval = row.interval;
    wanted.start_time = row.start;
    wanted.number = row.number;
    SourceFacts source = constant();
    source.length = milliseconds(row.length_ms);
    const OutputPlan out = plan(wanted, source);
    CHECK(out.frames == row.frames);
    CHECK(out.sample.max_frames == row.number);
    const auto count = static_cast<std::int64_t>(row.frames);
    CHECK(out.duration == anim::to_nanoseconds(*row.interval.times(Rational(count))));
  }
}

TEST_CASE("an interval that nanoseconds cannot hold becomes a rate") {
  AnimationRequest wanted = request();
  wanted.interval = Rational(1001, 12000);
  OutputPlan out = plan(wanted);
  CHECK(out.sample.interval == Nanoseconds(0));
  CHECK(out.sample.rate == Rational(12000, 1001));
  wanted.interval = Rational(7, 10);
  out = plan(wanted);
  CHECK(out.sample.interval == milliseconds(700));
  CHECK(out.sample.rate == Rational(0));
  wanted.interval = Rational(10'000'000'001, 9'999'999'967);
  out = plan(wanted);
  CHECK(out.sample.rate == Rational(0));
  CHECK(out.sample.interval.count() == 1'000'000'003);
}

TEST_CASE("a frame rate becomes a fraction of 32-bit terms") {
  AnimationRequest wanted = request();
  struct Row {
    Rational given;
    Rational used;
  };
  const auto rows = std::to_array<Row>({
      {Rational(2997, 100), Rational(2997, 100)},
      {Rational(2'997'002'997, 100'000'000), Rational(999'010'999, 33'333'667)},
      {Rational(240), Rational(240)},
      {Rational(1, 604'800), Rational(1, 604'800)},
  });
  for (const Row& row : rows) {
    CAPTURE(row.given.to_string());
    wanted.frame_rate = row.given;
    CHECK(plan(wanted).sample.frame_rate == row.used);
  }
}

TEST_CASE("without an interval every frame is taken at the source's speed") {
  AnimationRequest wanted = request();
  OutputPlan out = plan(wanted);
  CHECK(out.sample.interval == Nanoseconds(0));
  CHECK(out.sample.rate == Rational(0));
  CHECK(out.sample.frame_rate == Rational(0));
  CHECK(out.frames == 900U);
  CHECK(out.duration == milliseconds(30'000));
  wanted.frame_rate = Rational(60);
  CHECK(plan(wanted).duration == milliseconds(15'000));
  wanted.number = 30;
  CHECK(plan(wanted).duration == milliseconds(500));
  wanted.frame_rate.reset();
  CHECK(plan(wanted).duration == milliseconds(1000));
  CHECK_FALSE(plan(wanted, variable()).frames);
  CHECK_FALSE(plan(wanted, variable()).duration);
  wanted.number = 0;
  CHECK(plan(wanted, variable()).duration == milliseconds(30'000));
}

TEST_CASE("a length that a container rounded does not add a frame") {
  SourceFacts source = constant();
  source.frame_rate = Rational(30000, 1001);
  for (const int late_us : {-1000, -1, 0, 1, 1000}) {
    CAPTURE(late_us);
    source.length = Nanoseconds(10'010'000'000 + late_us * 1000);
    CHECK(plan(request(), source).frames == 300U);
  }
}

TEST_CASE("an interval below the frame distance counts as that, at a constant rate") {
  AnimationRequest wanted = request();
  wanted.interval = Rational(1, 100);
  OutputPlan out = plan(wanted);
  CHECK(out.sample.interval == Nanoseconds(0));
  CHECK(out.frames == 900U);
  REQUIRE(out.warnings.size() == 1);
  CHECK(out.warnings[0] ==
        "/A/Interval: 0.01 s is below the source's frame distance of 1/30 s and counts as that: "
        "every frame is taken");
  out = plan(wanted, variable());
  CHECK(out.sample.interval == milliseconds(10));
  CHECK(out.frames == 3000U);
  CHECK(out.warnings.empty());
  wanted.interval = Rational(1, 30);
  CHECK(plan(wanted).warnings.empty());
}

TEST_CASE("a stated rate is constant when cameras and editors use it") {
  for (const Rational rate :
       {Rational(1), Rational(25), Rational(60), Rational(240), Rational(30000, 1001),
        Rational(24000, 1001), Rational(2997, 100), Rational(2997, 125), Rational(25, 2)}) {
    CHECK(anim::is_constant_rate(rate));
  }
  for (const Rational mean :
       {Rational(17, 2), Rational(74, 3), Rational(2991, 100), Rational(10471, 1001)}) {
    CHECK_FALSE(anim::is_constant_rate(mean));
  }
}

TEST_CASE("a frame is shown for a week at most") {
  AnimationRequest slow = request();
  slow.frame_rate = Rational(1, 604'800);
  CHECK(anim::plan_output(slow, constant()).ok());
  slow.frame_rate = Rational(1, 604'801);
  auto refused = anim::plan_output(slow, constant());
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "/A/FrameRate: each frame would be shown for 604801 s, at most a week (604800 s) is "
        "allowed");
  slow.frame_rate.reset();
  slow.interval = Rational(1'000'000'000);
  refused = anim::plan_output(slow, constant());
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "/A/Interval: each frame would be shown for 1000000000 s, at most a week (604800 s) is "
        "allowed; give a FrameRate");
}

TEST_CASE("a start at or after the end is refused with the timeline's length") {
  AnimationRequest wanted = request();
  wanted.start_time = Rational(30);
  const auto refused = anim::plan_output(wanted, constant());
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == anim::ErrorCode::OutOfRange);
  CHECK(refused.error().message ==
        "/A/StartTime: 30 s is at or after the end of the timeline, which is 30 s long");
  wanted.start_time = Rational(29'999, 1000);
  CHECK(plan(wanted).frames == 1U);
  SourceFacts live = constant();
  live.length.reset();
  wanted.start_time = Rational(1'000'000'000);
  CHECK_FALSE(plan(wanted, live).frames);
}

TEST_CASE("a source is trimmed within its length") {
  anim::TaskSource source{.path = "/Sources/0", .uri = {}, .start_time = {}, .duration = {}};
  CHECK(anim::trimmed_length(source, milliseconds(900)).value() == milliseconds(900));
  source.start_time = Rational(1, 2);
  CHECK(anim::trimmed_length(source, milliseconds(900)).value() == milliseconds(400));
  source.duration = Rational(100);
  CHECK(anim::trimmed_length(source, milliseconds(900)).value() == milliseconds(400));
  source.duration = Rational(1, 10);
  CHECK(anim::trimmed_length(source, milliseconds(900)).value() == milliseconds(100));
  const auto refused = anim::trimmed_length(source, milliseconds(500));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == anim::ErrorCode::OutOfRange);
  CHECK(refused.error().message ==
        "/Sources/0/StartTime: 0.5 s is at or after the end of the source, which is 0.5 s long");
}

TEST_CASE("sides and scale types make the size") {
  struct Row {
    const char* label;
    Size source;
    Side width;
    Side height;
    ScaleType type;
    Size size;
  };
  const Side half = ratio(Rational(1, 2));
  const auto rows = std::to_array<Row>({
      {"nothing asked", {1920, 1080}, {}, {}, ScaleType::Stretch, {1920, 1080}},
      {"half", {1920, 1080}, half, half, ScaleType::Fit, {960, 540}},
      {"half of odd rounds up", {853, 481}, half, half, ScaleType::Stretch, {427, 241}},
      {"a ratio of 1", {853, 480}, ratio(1), ratio(1), ScaleType::Stretch, {853, 480}},
      {"never below 1", {10, 10}, ratio(Rational(1, 100)), half, ScaleType::Stretch, {1, 5}},
      {"the other side stays", {1920, 1080}, pixels(320), {}, ScaleType::Stretch, {320, 1080}},
      {"the height follows", {1920, 1080}, pixels(320), follow(), ScaleType::Stretch, {320, 180}},
      {"the width follows", {853, 480}, follow(), pixels(240), ScaleType::Crop, {427, 240}},
      {"following the source", {853, 480}, follow(), {}, ScaleType::Stretch, {853, 480}},
      {"fit is limited by the width", {1920, 1080}, pixels(320), {}, ScaleType::Fit, {320, 180}},
      {"fit is limited by the height",
       {480, 853},
       pixels(500),
       pixels(500),
       ScaleType::Fit,
       {281, 500}},
      {"fit enlarges", {100, 50}, pixels(300), pixels(300), ScaleType::Fit, {300, 150}},
      {"fill keeps the canvas",
       {1920, 1080},
       pixels(500),
       pixels(500),
       ScaleType::Fill,
       {500, 500}},
      {"crop keeps the canvas",
       {1920, 1080},
       pixels(500),
       pixels(400),
       ScaleType::Crop,
       {500, 400}},
      {"fit of a thin picture", {1000, 1}, pixels(10), pixels(10), ScaleType::Fit, {10, 1}},
  });
  for (const Row& row : rows) {
    CAPTURE(row.label);
    AnimationRequest wanted = request();
    wanted.width = row.width;
    wanted.height = row.height;
    wanted.scale_type = row.type;
    SourceFacts source = constant();
    source.size = row.source;
    const Size size = plan(wanted, source).size;
    CHECK(size.width == row.size.width);
    CHECK(size.height == row.size.height);
  }
}

TEST_CASE("a side left out warns when the shape changes") {
  AnimationRequest wanted = request();
  wanted.width = pixels(320);
  REQUIRE(plan(wanted).warnings.size() == 1);
  CHECK(plan(wanted).warnings[0] ==
        "/A/Height: is left out and stays the source's 1080, so that the shape is 320x1080 instead "
        "of the source's 1920x1080; -1 would follow Width");
  wanted.scale_type = ScaleType::Fit;
  CHECK(plan(wanted).warnings.empty());
  wanted.scale_type = ScaleType::Stretch;
  wanted.height = follow();
  CHECK(plan(wanted).warnings.empty());
  wanted.height = kSourceSide;
  wanted.width = ratio(1);
  CHECK(plan(wanted).warnings.empty());
  wanted.width = pixels(1920);
  CHECK(plan(wanted).warnings.empty());
}

TEST_CASE("a size that the format cannot hold is refused") {
  AnimationRequest wanted = request();
  wanted.width = pixels(10'000);
  wanted.height = follow();
  SourceFacts tall = constant();
  tall.size = {1080, 1920};
  auto refused = anim::plan_output(wanted, tall);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "/A: would be 10000x17778 pixels; Format webp allows at most 16383 a side; give a smaller "
        "Width or Height");
  wanted.format = AnimationFormat::Gif;
  CHECK(plan(wanted, tall).size == Size{10'000, 17'778});
  wanted.width = pixels(60'000);
  refused = anim::plan_output(wanted, tall);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.starts_with("/A: the output would be 60000 x 106667 pixels"));
}

TEST_CASE("settings that have no effect are told") {
  AnimationRequest wanted = request();
  wanted.background = 0xFFFF0000;
  REQUIRE(plan(wanted).warnings.size() == 1);
  CHECK(plan(wanted).warnings[0] ==
        "/A/Background: counts only with ScaleType fill, which adds bars");
  wanted.scale_type = ScaleType::Fill;
  CHECK(plan(wanted).warnings.empty());
  CHECK(plan(wanted).scale.background == 0xFFFF0000);
}

TEST_CASE("a GIF of more than 50 frames a second warns") {
  AnimationRequest wanted = request();
  wanted.format = AnimationFormat::Gif;
  wanted.frame_rate = Rational(60);
  REQUIRE(plan(wanted).warnings.size() == 1);
  CHECK(plan(wanted).warnings[0].starts_with("/A/FrameRate: 60 frames a second are shown, but"));
  wanted.frame_rate = Rational(50);
  CHECK(plan(wanted).warnings.empty());
}

TEST_CASE("even samples are so many, exactly as far apart as they must be") {
  AnimationRequest wanted = request();
  wanted.mode = SamplingMode::Even;
  wanted.number = 9;
  wanted.start_time = Rational(5);
  const OutputPlan even = plan(wanted);
  CHECK(even.frames == 9);
  CHECK(even.duration == milliseconds(25'000));
  CHECK(even.sample.max_frames == 9);
  CHECK(even.sample.rate == Rational(9, 25));  // 25/9 s is no whole number of ns
  CHECK(even.sample.interval.count() == 0);
  wanted.number = 10;
  CHECK(plan(wanted).sample.interval == milliseconds(2500));
  wanted.frame_rate = Rational(5);
  CHECK(plan(wanted).duration == milliseconds(2000));
  CHECK(plan(wanted).warnings.empty());
  wanted.interval = Rational(1);
  REQUIRE(plan(wanted).warnings.size() == 1);
  CHECK(plan(wanted).warnings[0] == "/A/Interval: has no effect with Mode even");
}

TEST_CASE("even samples of an odd length fall where they must for all of them") {
  AnimationRequest wanted = request();
  wanted.mode = SamplingMode::Even;
  wanted.number = 999'983;  // a prime
  SourceFacts source = variable();
  source.length = Nanoseconds(29'999'999'999);
  const OutputPlan even = plan(wanted, source);
  CHECK(even.frames == 999'983);
  const Rational period = *even.sample.rate.inverted().times(Rational(anim::kSecond));
  const std::int64_t last = anim::mul_div_round(999'982, period.num(), period.den());
  CHECK(last == anim::mul_div_round(29'999'999'999, 999'982, 999'983));
}

TEST_CASE("more even samples than frames repeat some, with a warning") {
  AnimationRequest wanted = request();
  wanted.mode = SamplingMode::Even;
  wanted.number = 1000;
  REQUIRE(plan(wanted).warnings.size() == 1);
  CHECK(plan(wanted).warnings[0] ==
        "/A/Number: 1000 frames are more than the video has; some are shown several times");
  CHECK(plan(wanted).frames == 1000);
}

TEST_CASE("even samples need the length") {
  AnimationRequest wanted = request();
  wanted.mode = SamplingMode::Even;
  wanted.number = 4;
  SourceFacts source = constant();
  source.length.reset();
  const auto refused = anim::plan_output(wanted, source);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == anim::ErrorCode::Unsupported);
  CHECK(refused.error().message ==
        "/A/Mode: even needs the length of the video, which is not known; use Interval");
}

TEST_CASE("how many random access points and scenes there are is not known before") {
  AnimationRequest wanted = request();
  wanted.mode = SamplingMode::Key;
  wanted.interval = Rational(1);
  OutputPlan key = plan(wanted);
  CHECK(key.sample.keys_alone);
  CHECK(key.sample.interval.count() == 0);
  CHECK_FALSE(key.frames);
  CHECK_FALSE(key.duration);
  REQUIRE(key.warnings.size() == 1);
  CHECK(key.warnings[0] == "/A/Interval: has no effect with Mode key");
  wanted.mode = SamplingMode::Scene;
  wanted.number = 3;
  const OutputPlan few = plan(wanted);
  CHECK_FALSE(few.frames);
  CHECK_FALSE(few.duration);
  CHECK(few.sample.max_frames == 0);  // those that are kept count
  wanted.number = 0;
  wanted.speed = Rational(2);
  CHECK(plan(wanted).duration == milliseconds(15'000));
  wanted.boomerang = true;
  CHECK_FALSE(plan(wanted).duration);
}

TEST_CASE("speed counts whatever the frame rate") {
  AnimationRequest wanted = request();
  wanted.speed = Rational(3, 2);
  CHECK(plan(wanted).duration == milliseconds(20'000));
  CHECK(plan(wanted, variable()).duration == milliseconds(20'000));
  CHECK(plan(wanted).sample.speed == Rational(3, 2));
  wanted.interval = Rational(1);
  CHECK(plan(wanted).duration == milliseconds(20'000));
  wanted.frame_rate = Rational(10);
  CHECK(plan(wanted).frames == 30);
  CHECK(plan(wanted).duration == milliseconds(2000));
}

TEST_CASE("there and back is nearly twice as long") {
  AnimationRequest wanted = request();
  wanted.boomerang = true;
  CHECK(plan(wanted).frames == 1798);
  CHECK(plan(wanted).duration == Nanoseconds(anim::mul_div_round(1798, anim::kSecond, 30)));
  CHECK_FALSE(plan(wanted, variable()).duration);
  wanted.interval = Rational(1);
  CHECK(plan(wanted).frames == 58);
  CHECK(plan(wanted).duration == milliseconds(58'000));
  wanted.reverse = true;
  CHECK(plan(wanted).frames == 58);
  wanted.boomerang = false;
  CHECK(plan(wanted).frames == 30);
}
