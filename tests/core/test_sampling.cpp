// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/sampling.h"

using anim::FrameClock;
using anim::kForever;
using anim::kSecond;
using anim::Nanoseconds;
using anim::Rational;
using anim::Run;
using anim::Sampler;
using anim::SamplingPlan;
using anim::Zero;
using std::nullopt;
using std::chrono::milliseconds;

namespace {

constexpr std::int64_t kMs = 1'000'000;

struct Picked {
  std::vector<int> frames;              ///< the number of the frame that each sample shows
  std::vector<std::int64_t> times;      ///< when each leaves, ns
  std::vector<std::int64_t> durations;  ///< ns
  bool is_done = false;                 ///< the sampler said that no more will come
};

void append(Picked& picked, const Sampler& sampler, const Run& run, int frame) {
  for (std::uint64_t i = 0; i < run.count; ++i) {
    const auto sample = sampler.sample(run, i);
    CHECK(sample.index == picked.frames.size());
    picked.frames.push_back(frame);
    picked.times.push_back(sample.time.count());
    picked.durations.push_back(sample.duration.count());
  }
}

/// Feeds frames at `times` ns; the last one lasts `duration` ns.
Picked pick(const SamplingPlan& plan, const std::vector<std::int64_t>& times,
            std::optional<std::int64_t> duration, Zero zero = Zero::FirstFrame,
            Nanoseconds stop = kForever) {
  Sampler sampler(plan, zero);
  Picked picked;
  int held = -1;
  for (int i = 0; i < static_cast<int>(times.size()); ++i) {
    const auto step = sampler.frame(Nanoseconds(times.at(i)));
    append(picked, sampler, step.run, held);
    picked.is_done = step.done;
    if (step.done) return picked;
    if (step.holds) held = i;
  }
  const auto own = duration ? std::optional(Nanoseconds(*duration)) : nullopt;
  append(picked, sampler, sampler.end(own, Nanoseconds(40 * kMs), stop), held);
  return picked;
}

SamplingPlan every(std::int64_t interval_ms) {
  return SamplingPlan::from(Nanoseconds(interval_ms * kMs), 0, 0);
}

/// Frame n at n / rate, cut down to ns as demuxers do, after an offset.
std::vector<std::int64_t> cut_times(int count, Rational rate, std::int64_t offset_ns = 0) {
  std::vector<std::int64_t> times;
  times.reserve(count);
  for (int n = 0; n < count; ++n) {
    times.push_back(anim::mul_div_floor(n * kSecond, rate.den(), rate.num()) + offset_ns);
  }
  return times;
}

std::vector<int> counting(int count) {
  std::vector<int> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

}  // namespace

TEST_CASE("a sample is the last frame whose time is at or before its moment") {
  struct Row {
    const char* label;
    std::int64_t interval_ms;
    std::vector<std::int64_t> times_ms;
    std::int64_t last_ms;
    std::vector<int> expected;
  };
  const std::vector<Row> rows = {
      {"on the frames", 100, {0, 100, 200}, 100, {0, 1, 2}},
      {"between the frames", 100, {0, 60, 130, 190, 260}, 40, {0, 1, 3}},
      {"slower than the samples", 100, {0, 250, 300}, 100, {0, 0, 0, 2}},
      {"a gap repeats the frame before it", 100, {0, 100, 550}, 60, {0, 1, 1, 1, 1, 1, 2}},
      {"the first frame late is zero", 100, {767, 867, 967}, 100, {0, 1, 2}},
      {"variable rate", 50, {0, 10, 20, 120, 125, 300}, 10, {0, 2, 2, 4, 4, 4, 5}},
      {"one frame", 100, {5}, 350, {0, 0, 0, 0}},
      {"of equal times the last counts", 100, {0, 100, 100, 200}, 100, {0, 2, 3}},
      {"earlier frames are ignored", 100, {0, 100, 40, 200}, 100, {0, 1, 3}},
      {"no frame", 100, {}, 100, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.label);
    std::vector<std::int64_t> times;
    for (const auto ms : row.times_ms) times.push_back(ms * kMs);
    CHECK(pick(every(row.interval_ms), times, row.last_ms * kMs).frames == row.expected);
  }
}

TEST_CASE("a rate equal to the source's takes each frame once however times were cut to ns") {
  struct Row {
    const char* label;
    Rational rate;
    std::int64_t offset;
  };
  const std::vector<Row> rows = {
      {"30", 30, 0},
      {"30, first frame not on a whole ns", 30, 66'666'666},
      {"29.97", {30000, 1001}, 0},
      {"29.97, first frame not on a whole ns", {30000, 1001}, 33'366'666},
      {"23.976", {24000, 1001}, 0},
      {"60", 60, 16'666'666},
      {"1/3", {1, 3}, 0},
  };
  constexpr int kFrames = 2000;
  for (const Row& row : rows) {
    CAPTURE(row.label);
    const auto plan = SamplingPlan::from(Nanoseconds(0), row.rate, 0);
    const auto duration = anim::mul_div_floor(kSecond, row.rate.den(), row.rate.num());
    CHECK(pick(plan, cut_times(kFrames, row.rate, row.offset), duration).frames ==
          counting(kFrames));
  }
}

TEST_CASE("times cut on both sides of an offset come on their tick") {
  // 4/30 s and 2/30 s cut down: their difference is above 2/30 s.
  const std::vector<std::int64_t> times = {66'666'666, 100'000'000, 133'333'333, 166'666'666};
  CHECK(pick(SamplingPlan::from(Nanoseconds(0), 30, 0), times, 33'333'333).frames == counting(4));
}

TEST_CASE("a frame that is really later than the moment is not its sample") {
  const std::vector<std::int64_t> times = {0, 100 * kMs + 100, 200 * kMs};
  CHECK(pick(every(100), times, 50 * kMs).frames == std::vector<int>{0, 0, 2});
}

TEST_CASE("a rate is exact where an interval in nanoseconds is not") {
  const auto times = cut_times(300, 30);
  const auto rounded = SamplingPlan::from(Nanoseconds(33'333'333), 0, 0);
  CHECK(pick(rounded, times, 33'333'333).frames != counting(300));
  const auto exact = SamplingPlan::from(Nanoseconds(33'333'333), 30, 0);
  CHECK(pick(exact, times, 33'333'333).frames == counting(300));
}

TEST_CASE("the end is the last frame's time plus its duration") {
  struct Row {
    const char* label;
    std::vector<std::int64_t> times_ms;
    std::optional<std::int64_t> duration;
    Nanoseconds stop;
    std::size_t samples;  ///< one every 10 ms
  };
  const std::vector<Row> rows = {
      {"its duration", {0, 50}, 30 * kMs, kForever, 8},
      {"none: the distance before", {0, 50}, nullopt, kForever, 10},
      {"a single frame: the fallback", {0}, nullopt, kForever, 4},
      {"a moment at the end is outside", {0, 50}, 50 * kMs, kForever, 10},
      {"a cut duration does not lose the end", {0, 50}, 50 * kMs + 1, kForever, 10},
      {"a stop ends it earlier", {0, 50}, 50 * kMs, Nanoseconds(75 * kMs), 8},
      {"a stop does not lengthen it", {0, 50}, 50 * kMs, Nanoseconds(900 * kMs), 10},
  };
  for (const Row& row : rows) {
    CAPTURE(row.label);
    std::vector<std::int64_t> times;
    for (const auto ms : row.times_ms) times.push_back(ms * kMs);
    CHECK(pick(every(10), times, row.duration, Zero::FirstFrame, row.stop).frames.size() ==
          row.samples);
  }
}

TEST_CASE("where frames are missing at the end the last one stays") {
  const auto last_samples = [](milliseconds held_until, milliseconds duration, Nanoseconds stop) {
    Sampler sampler(every(100));
    sampler.hold_until(milliseconds(1000) + held_until + Nanoseconds(4));
    sampler.hold_until(milliseconds(900));
    CHECK(sampler.frame(milliseconds(1000)).run.count == 0);
    return sampler.end(duration, milliseconds(40), stop).count;
  };
  // Its own end, which is not cut to a millisecond.
  CHECK(last_samples(milliseconds(500), milliseconds(40), kForever) == 6);
  CHECK(last_samples(milliseconds(50), milliseconds(200), kForever) == 2);
  CHECK(last_samples(milliseconds(900), milliseconds(40), milliseconds(1300)) == 3);

  Sampler key(every(100));
  (void)key.frame(milliseconds(0));
  key.hold_until(milliseconds(500));
  CHECK(key.end_at(milliseconds(40)).count == 5);
}

TEST_CASE("a source that counts in milliseconds ends on one") {
  // 29.97 in Matroska: the last frame is at 4971.63 ms, written as 4972; its end is 5005 ms.
  const auto plan = SamplingPlan::from(Nanoseconds(0), {30000, 1001}, 0);
  std::vector<std::int64_t> times;
  times.reserve(150);
  for (int n = 0; n < 150; ++n) {
    times.push_back(anim::mul_div_round(n * std::int64_t{1000}, 1001, 30000) * kMs);
  }
  CHECK(pick(plan, times, 33'366'666).frames.size() == 150);
}

TEST_CASE("start, stop and a limit choose from the samples") {
  struct Row {
    const char* label;
    std::int64_t start_ms;
    std::int64_t stop_ms;  ///< -1 = none
    std::uint64_t limit;
    std::vector<int> expected;
    bool done;
  };
  const std::vector<Row> rows = {
      {"all", 0, -1, 0, counting(10), false},
      {"start on a frame", 300, -1, 0, {3, 4, 5, 6, 7, 8, 9}, false},
      {"start between frames", 350, -1, 0, {3, 4, 5, 6, 7, 8, 9}, false},
      {"start at the end", 1000, -1, 0, {}, false},
      {"start after the end", 5000, -1, 0, {}, false},
      {"stop on a frame", 0, 300, 0, {0, 1, 2}, true},
      {"stop between frames", 0, 350, 0, {0, 1, 2, 3}, true},
      {"stop after the end", 0, 5000, 0, counting(10), false},
      {"stop before start", 300, 200, 0, {}, true},
      {"limit", 0, -1, 3, {0, 1, 2}, true},
      {"limit from a start", 200, -1, 2, {2, 3}, true},
      {"limit before stop", 0, 500, 2, {0, 1}, true},
  };
  const auto times = cut_times(10, 10);
  for (const Row& row : rows) {
    for (const std::int64_t interval : {100, 0}) {
      CAPTURE(row.label);
      CAPTURE(interval);
      SamplingPlan plan = every(interval);
      plan.start = Nanoseconds(row.start_ms * kMs);
      if (row.stop_ms >= 0) plan.stop = Nanoseconds(row.stop_ms * kMs);
      plan.max_samples = row.limit;
      const Picked picked = pick(plan, times, 100 * kMs);
      CHECK(picked.is_done == row.done);
      CHECK(picked.frames == row.expected);
    }
  }
}

TEST_CASE("after a seek zero is the start of the segment") {
  const std::vector<std::int64_t> times = {-30 * kMs, 70 * kMs, 170 * kMs};
  CHECK(pick(every(100), times, 100 * kMs, Zero::SegmentStart).frames == std::vector<int>{0, 1, 2});
  const std::vector<std::int64_t> late = {130 * kMs, 230 * kMs};
  CHECK(pick(every(100), late, 100 * kMs, Zero::SegmentStart).frames ==
        std::vector<int>{0, 0, 0, 1});
}

TEST_CASE("samples leave at the frame rate, without drift") {
  const auto plan = SamplingPlan::from(Nanoseconds(kSecond), 0, {30000, 1001});
  CHECK(plan.output_time(0).count() == 0);
  CHECK(plan.output_time(1).count() == 33'366'666);
  CHECK(plan.output_time(30'000).count() == 1001 * kSecond);
  const Picked picked = pick(plan, cut_times(90, 30), 33'333'333);
  CHECK(picked.frames == std::vector<int>{0, 30, 60});
  CHECK(picked.times == std::vector<std::int64_t>{0, 33'366'666, 66'733'333});
  CHECK(picked.durations == std::vector<std::int64_t>{33'366'666, 33'366'667, 33'366'667});
}

TEST_CASE("every frame leaves as far apart as it is in the source") {
  const Picked picked =
      pick(every(0), {500 * kMs, 510 * kMs, 600 * kMs, 600 * kMs, 900 * kMs}, 7 * kMs);
  CHECK(picked.frames == counting(5));
  CHECK(picked.times == std::vector<std::int64_t>{0, 10 * kMs, 100 * kMs, 100 * kMs, 400 * kMs});
  CHECK(picked.durations == std::vector<std::int64_t>{10 * kMs, 90 * kMs, 0, 300 * kMs, 7 * kMs});
}

TEST_CASE("every frame can start in the middle of one") {
  SamplingPlan plan = every(0);
  plan.start = Nanoseconds(150 * kMs);
  plan.stop = Nanoseconds(250 * kMs);
  const Picked picked = pick(plan, {0, 100 * kMs, 200 * kMs, 300 * kMs}, 100 * kMs);
  CHECK(picked.frames == std::vector<int>{1, 2});
  CHECK(picked.times == std::vector<std::int64_t>{0, 50 * kMs});
  CHECK(picked.durations == std::vector<std::int64_t>{50 * kMs, 50 * kMs});
}

TEST_CASE("every frame can leave at another rate") {
  const Picked picked = pick(SamplingPlan::from(Nanoseconds(0), 0, 10), {0, 7, 9 * kMs}, 5);
  CHECK(picked.times == std::vector<std::int64_t>{0, 100 * kMs, 200 * kMs});
}

TEST_CASE("a stream that pauses goes on with the next sample") {
  Sampler sampler(every(100));
  CHECK(sampler.frame(Nanoseconds(0)).holds);
  CHECK(sampler.end(Nanoseconds(250 * kMs), Nanoseconds(0)).count == 3);
  CHECK(sampler.frame(Nanoseconds(250 * kMs)).run.count == 0);
  const Run run = sampler.frame(Nanoseconds(350 * kMs)).run;
  CHECK(run.first == 3);
  CHECK(run.count == 1);
}

TEST_CASE("the next sample's time is that of the first one not decided") {
  SamplingPlan plan = SamplingPlan::from(Nanoseconds(0), 3, 0);
  plan.start = Nanoseconds(500 * kMs);
  plan.max_samples = 3;
  Sampler sampler(plan);
  CHECK_FALSE(sampler.next_time());
  CHECK(sampler.frame(Nanoseconds(2000 * kMs)).holds);
  CHECK(sampler.next_time() == Nanoseconds(2500 * kMs));
  CHECK(sampler.frame(Nanoseconds(2500 * kMs)).run.count == 0);
  CHECK(sampler.next_time() == Nanoseconds(2500 * kMs));
  CHECK(sampler.frame(Nanoseconds(2600 * kMs)).run.count == 1);
  CHECK(sampler.next_time() == Nanoseconds(2'833'333'333));
  CHECK(sampler.frame(Nanoseconds(3200 * kMs)).run.count == 2);
  CHECK(sampler.next_time() == kForever);
}

TEST_CASE("of every frame the next sample is the newest frame, from the start on") {
  SamplingPlan plan = SamplingPlan::from(Nanoseconds(0), 0, 0);
  plan.start = Nanoseconds(500 * kMs);
  Sampler all(plan);
  CHECK(all.frame(Nanoseconds(2000 * kMs)).holds);
  CHECK(all.next_time() == Nanoseconds(2500 * kMs));
  CHECK(all.frame(Nanoseconds(2600 * kMs)).holds);
  CHECK(all.next_time() == Nanoseconds(2600 * kMs));
}

TEST_CASE("after a seek the next sample's time is known at once") {
  CHECK(Sampler(every(100), Zero::SegmentStart).next_time() == Nanoseconds(0));
}

TEST_CASE("extreme times neither overflow nor lose samples") {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  CHECK(every(1).first_sample_at(Nanoseconds(kMax)) == (kMax - 2) / kMs + 1);
  const auto fastest = SamplingPlan::from(Nanoseconds(0), 2147483647, 0);
  CHECK(fastest.first_sample_at(Nanoseconds(kSecond + 2)) == 2147483647);
  SamplingPlan late = every(1);
  late.start = Nanoseconds(kMax);
  CHECK(pick(late, {0, 100 * kMs}, 100 * kMs).frames.empty());
  Sampler never(late);
  CHECK(never.frame(Nanoseconds(kSecond)).holds);
  CHECK(never.next_time() == kForever);
  const auto slowest = SamplingPlan::from(Nanoseconds(kMax), 0, 0);
  CHECK(pick(slowest, {0, 100 * kMs}, 100 * kMs).frames == std::vector<int>{0});
}

TEST_CASE("positions and durations are translated") {
  const auto faster = SamplingPlan::from(Nanoseconds(kSecond), 0, 15);
  CHECK(faster.to_source(Nanoseconds(2 * kSecond)).count() == 30 * kSecond);
  CHECK(faster.to_output(Nanoseconds(30 * kSecond)).count() == 2 * kSecond);
  CHECK(faster.output_duration(Nanoseconds(30 * kSecond), 0)->count() == 2 * kSecond);
  CHECK(faster.output_duration(Nanoseconds(30 * kSecond + 500 * kMs), 0)->count() ==
        anim::mul_div_floor(31, kSecond, 15));
  SamplingPlan limited = faster;
  limited.max_samples = 3;
  limited.start = Nanoseconds(kSecond);
  CHECK(limited.output_duration(Nanoseconds(30 * kSecond), 0)->count() == 200 * kMs);
  CHECK(limited.output_duration(Nanoseconds(kSecond / 2), 0)->count() == 0);
  CHECK(every(0).to_source(Nanoseconds(7)).count() == 7);
  CHECK(every(0).output_duration(Nanoseconds(kSecond), 0)->count() == kSecond);
  const auto all_at_ten = SamplingPlan::from(Nanoseconds(0), 0, 10);
  CHECK_FALSE(all_at_ten.output_duration(Nanoseconds(kSecond), 0));
  CHECK(all_at_ten.output_duration(Nanoseconds(kSecond), 40 * kMs)->count() == 2500 * kMs);
}

TEST_CASE("the output rate fits a caps fraction") {
  const auto rate_of = [](std::int64_t interval_ns) {
    return *SamplingPlan::from(Nanoseconds(interval_ns), 0, 0).output_rate();
  };
  CHECK(rate_of(kSecond) == Rational(1));
  CHECK(rate_of(3300 * kMs) == Rational(10, 33));
  CHECK(rate_of(33'333'333) == Rational(1'000'000'000, 33'333'333));
  CHECK(rate_of(1) == Rational(1'000'000'000));
  const Rational odd = rate_of(3'333'333'337);  // 1e9 / 3333333337 does not fit 31 bits
  CHECK(odd.num() <= 2147483647);
  CHECK(odd.den() <= 2147483647);
  CHECK(odd.to_double() == doctest::Approx(1e9 / 3'333'333'337.0).epsilon(1e-15));
  CHECK(rate_of(std::numeric_limits<std::int64_t>::max()) == Rational(1, 2147483647));
  CHECK(SamplingPlan::from(Nanoseconds(0), 0, {30000, 1001}).output_rate() ==
        Rational(30000, 1001));
  CHECK_FALSE(SamplingPlan::from(Nanoseconds(0), 0, 0).output_rate());
}

TEST_CASE("frames without a time follow their predecessor") {
  const auto ms = [](std::int64_t value) { return std::optional(Nanoseconds(value * kMs)); };
  FrameClock times;
  CHECK(times.next(ms(500), ms(30)).time.count() == 500 * kMs);
  CHECK(times.next(nullopt, nullopt).time.count() == 530 * kMs);
  const auto assumed = times.next(nullopt, nullopt);
  CHECK(assumed.time.count() == 570 * kMs);
  CHECK(assumed.is_assumed);
  times.set_distance({kSecond, 30});
  for (int n = 1; n <= 30; ++n) {
    const auto timed = times.next(nullopt, nullopt);
    CHECK_FALSE(timed.is_assumed);
    CHECK(timed.time.count() == 570 * kMs + n * kSecond / 30);
  }
  CHECK(times.distance().count() == kSecond / 30);
  CHECK(times.next(ms(9000), nullopt).time.count() == 9000 * kMs);
}

TEST_CASE("the distance of frames is known from the stream or by looking") {
  FrameClock times;
  CHECK(times.distance().count() == 40 * kMs);
  CHECK(times.next(Nanoseconds(0), nullopt).time.count() == 0);
  CHECK(times.next(Nanoseconds(5), nullopt).time.count() == 5);
  CHECK(times.distance().count() == 5);
}

TEST_CASE("speed divides what a frame lasts, exactly") {
  const auto at = [](Rational speed) {
    return SamplingPlan::from(Nanoseconds(kSecond), 0, 0, speed);
  };
  CHECK(at(3).spacing == Rational(kSecond, 3));
  CHECK(at({1, 2}).spacing == Rational(2 * kSecond));
  CHECK(SamplingPlan::from(Nanoseconds(kSecond), 0, 15, 2).output_rate() == Rational(30));
  CHECK(at(3).to_output(Nanoseconds(3 * kSecond)).count() == kSecond);
  CHECK(at(3).to_source(Nanoseconds(kSecond)).count() == 3 * kSecond);
}

TEST_CASE("speed keeps the proportions of the source's own timing") {
  const auto plan = SamplingPlan::from(Nanoseconds(0), 0, 0, {3, 2});
  Sampler sampler(plan);
  std::vector<anim::Sample> samples;
  for (const int ms : {0, 10, 300, 1000}) {
    const auto step = sampler.frame(Nanoseconds(ms * kMs));
    if (step.run.count > 0) samples.push_back(sampler.sample(step.run, 0));
  }
  const auto last = sampler.end(Nanoseconds(100 * kMs), Nanoseconds(0));
  samples.push_back(sampler.sample(last, 0));
  REQUIRE(samples.size() == 4);
  const std::int64_t sum = samples[3].time.count() + samples[3].duration.count();
  CHECK(samples[1].time.count() == 6'666'666);
  CHECK(samples[2].time.count() == 200 * kMs);
  CHECK(samples[1].duration.count() == 200 * kMs - 6'666'666);
  CHECK(sum == anim::mul_div_floor(1100 * kMs, 2, 3));
  CHECK(plan.output_duration(Nanoseconds(3 * kSecond), 0)->count() == 2 * kSecond);
}

TEST_CASE("of random access points each lasts until the next, and the others count as time") {
  SamplingPlan plan;
  plan.keys_alone = true;
  plan.start = Nanoseconds(100 * kMs);
  plan.stop = Nanoseconds(900 * kMs);
  Sampler sampler(plan);
  std::vector<std::pair<std::int64_t, std::int64_t>> shown;  // ms
  const auto note = [&](const anim::Run& run) {
    if (run.count == 0) return;
    const auto sample = sampler.sample(run, 0);
    shown.emplace_back(sample.time.count() / kMs, sample.duration.count() / kMs);
  };
  // Zero is the first frame, which is none, at 1000 ms.
  for (const int ms : {1000, 1080, 1120, 1160, 1400, 1440, 1840}) {
    const bool is_key = ms == 1080 || ms == 1120 || ms == 1400;
    const auto step = sampler.frame(Nanoseconds(ms * kMs), is_key);
    note(step.run);
    CHECK(step.holds == (ms == 1120 || ms == 1400));
    CHECK_FALSE(step.done);
  }
  SUBCASE("to the stop") {
    const auto step = sampler.frame(Nanoseconds(1920 * kMs), false);
    note(step.run);
    CHECK(step.done);
    CHECK(shown == std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 280}, {280, 500}});
  }
  SUBCASE("to the end") {
    note(sampler.end_at(Nanoseconds(1880 * kMs)));
    CHECK(shown == std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 280}, {280, 480}});
    CHECK(sampler.end_at(Nanoseconds(1890 * kMs)).count == 0);
  }
}
