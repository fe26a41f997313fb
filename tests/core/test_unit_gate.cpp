// SPDX-License-Identifier: LGPL-2.1-or-later
// The gate against a model: streams whose pictures depend on each other at random within what
// their roles allow, decoded in full and through the gate, must give the samplers the same frames.
#include <algorithm>
#include <numeric>
#include <optional>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/unit_gate.h"

using anim::Entry;
using anim::FrameDemand;
using anim::GateUnit;
using anim::Nanoseconds;
using anim::Rational;
using anim::Sampler;
using anim::SamplingPlan;
using anim::UnitGate;
using anim::UnitOrder;
using anim::Zero;
using std::chrono::milliseconds;

namespace {

constexpr UnitOrder kReordered{.reorder_limit = 32};

/// A coded picture and the pictures that it is really predicted from.
struct Picture {
  GateUnit unit;
  std::vector<std::size_t> predicted_from;
  bool is_second_field = false;
};

using Stream = std::vector<Picture>;  // in decoding order

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int up_to(int last) { return std::uniform_int_distribution<int>(0, last)(engine_); }
  bool chance(int percent) { return up_to(99) < percent; }

 private:
  std::mt19937 engine_;
};

/// Groups of pictures: an entry, leading pictures (perhaps of the group before), and runs of an
/// anchor with pictures in between that are shown first, some of them references.
class StreamMaker {
 public:
  explicit StreamMaker(unsigned seed) : random_(seed) {}

  Stream make(int groups) {
    for (int i = 0; i < groups; ++i) add_group();
    return stream_;
  }

 private:
  Nanoseconds next_time() {
    time_ += random_.chance(10) ? milliseconds(40 + random_.up_to(3000)) : milliseconds(40);
    return time_;
  }

  std::size_t add(Nanoseconds time, bool is_reference, const std::vector<std::size_t>& allowed,
                  Entry entry = Entry::None) {
    Picture picture;
    picture.unit = {.entry = entry,
                    .is_reference = is_reference,
                    .time = time,
                    .duration = milliseconds(40),
                    .bytes = 100};
    for (const std::size_t other : allowed) {
      if (entry == Entry::None && random_.chance(60)) picture.predicted_from.push_back(other);
    }
    stream_.push_back(picture);
    return stream_.size() - 1;
  }

  void add_between(const std::vector<Nanoseconds>& times, std::vector<std::size_t> allowed) {
    for (const Nanoseconds time : times) {
      const bool is_reference = random_.chance(30);
      const std::size_t index = add(time, is_reference, allowed);
      if (is_reference) allowed.push_back(index);
    }
  }

  std::vector<Nanoseconds> times(int count) {
    std::vector<Nanoseconds> out;
    for (int i = 0; i < count; ++i) out.push_back(next_time());
    std::shuffle(out.begin(), out.end(), std::mt19937(static_cast<unsigned>(random_.up_to(9999))));
    return out;
  }

  void add_group() {
    const bool is_open = random_.chance(50);
    const auto leading = times(is_open ? random_.up_to(3) : 0);
    const Entry open = random_.chance(20) ? Entry::Join : Entry::Open;
    const std::size_t entry = add(next_time(), true, {}, is_open ? open : Entry::Closed);
    std::vector<std::size_t> with_before = anchors_;
    with_before.push_back(entry);
    add_between(leading, with_before);
    anchors_ = {entry};
    for (int runs = random_.up_to(8); runs > 0; --runs) {
      const auto between = times(random_.up_to(4));
      const std::size_t anchor = add(next_time(), true, anchors_);
      anchors_.push_back(anchor);
      add_between(between, anchors_);
    }
  }

  Random random_;
  Stream stream_;
  std::vector<std::size_t> anchors_;  ///< of the group so far, without pictures in between
  Nanoseconds time_{-40'000'000};
};

/// What passes, by index, when the gaps are not read: the stream goes on at the last entry that is
/// not after the wanted frame, as a demuxer seeks.
std::vector<bool> gated_with_seeks(const Stream& stream, const FrameDemand& demand,
                                   std::size_t& seeks) {
  UnitGate gate{demand, kReordered};
  std::vector<bool> passes;
  const auto take = [&] {
    while (const auto decision = gate.next()) passes.push_back(!decision->drop);
  };
  for (std::size_t i = 0; i < stream.size(); ++i) {
    gate.add(stream[i].unit);
    take();
    const auto gap = gate.gap();
    if (!gap || stream.back().unit.time < gap->until) continue;
    std::size_t landing = i;
    for (std::size_t j = i + 1; j < stream.size(); ++j) {
      if (stream[j].unit.entry != Entry::None && *stream[j].unit.time <= gap->until) landing = j;
    }
    if (!gate.lands_at(stream[landing].unit)) continue;
    ++seeks;
    take();
    REQUIRE(passes.size() == i + 1);
    passes.resize(landing, false);
    i = landing - 1;
  }
  gate.end();
  take();
  REQUIRE(passes.size() == stream.size());
  return passes;
}

/// The stream without its first pictures, as one that is joined in its middle.
Stream joined_at(std::size_t first, const Stream& stream) {
  Stream out(stream.begin() + static_cast<std::ptrdiff_t>(first), stream.end());
  for (Picture& picture : out) {
    std::erase_if(picture.predicted_from, [&](std::size_t other) { return other < first; });
    for (std::size_t& other : picture.predicted_from) other -= first;
  }
  return out;
}

/// What passes, by index.
std::vector<bool> gated(const Stream& stream, const FrameDemand& demand,
                        UnitOrder order = kReordered, anim::GateLimits limits = {}) {
  UnitGate gate{demand, order, limits};
  std::vector<bool> passes;
  const auto take = [&] {
    while (const auto decision = gate.next()) passes.push_back(!decision->drop);
  };
  for (const Picture& picture : stream) {
    gate.add(picture.unit);
    take();
  }
  gate.end();
  take();
  REQUIRE(passes.size() == stream.size());
  return passes;
}

/// The stream with the units from `first` on in a segment that counts `later` more.
Stream with_change(Stream stream, std::size_t first, Nanoseconds later) {
  for (std::size_t i = first; i < stream.size(); ++i) *stream[i].unit.time += later;
  return stream;
}

/// The same stream with the times that its frames have when they come out: a decoder changes
/// segments with the first frame that it gives out of a unit of the second one.
Stream as_shown(Stream stream, const std::vector<bool>& passes, std::size_t first,
                Nanoseconds later) {
  std::vector<std::size_t> order(stream.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return *stream[a].unit.time < *stream[b].unit.time;
  });
  bool has_changed = false;
  for (const std::size_t i : order) {
    has_changed = has_changed || (passes[i] && i >= first);
    if (has_changed) *stream[i].unit.time += later;
  }
  return stream;
}

/// What passes of a stream whose times change at unit `first`.
std::vector<bool> gated_with_change(const Stream& told, const FrameDemand& demand,
                                    std::size_t first) {
  UnitGate gate{demand, kReordered};
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (i == first) gate.change_times(Nanoseconds(0));
    gate.add(told[i].unit);
  }
  gate.end();
  std::vector<bool> passes;
  while (const auto decision = gate.next()) passes.push_back(!decision->drop);
  REQUIRE(passes.size() == told.size());
  return passes;
}

/// Which pictures come before the first entry, in decoding order or in order of time.
std::vector<bool> broken(const Stream& stream) {
  const auto is_entry = [](const Picture& picture) { return picture.unit.entry != Entry::None; };
  const auto entry = std::find_if(stream.begin(), stream.end(), is_entry);
  std::vector<bool> out(stream.size(), true);
  for (auto it = entry; it != stream.end(); ++it) {
    out[static_cast<std::size_t>(it - stream.begin())] = *it->unit.time < *entry->unit.time;
  }
  return out;
}

/// The pictures that come out right, in order of time. What a broken picture looks like depends on
/// every unit before it, and whether a decoder gives it out is `shows_broken`.
std::vector<std::size_t> decoded(const Stream& stream, const std::vector<bool>& passes,
                                 const std::vector<bool>& shows_broken) {
  const std::vector<bool> is_broken = broken(stream);
  std::vector<bool> is_right(stream.size());
  std::vector<std::size_t> out;
  bool all_passed = true;
  for (std::size_t i = 0; i < stream.size(); ++i) {
    all_passed = all_passed && passes[i];
    is_right[i] = is_broken[i] ? all_passed : passes[i];
    for (const std::size_t other : stream[i].predicted_from) {
      is_right[i] = is_right[i] && is_right[other];
    }
    if (is_right[i] && (!is_broken[i] || shows_broken[i])) out.push_back(i);
  }
  std::sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
    return *stream[a].unit.time < *stream[b].unit.time;
  });
  return out;
}

/// The picture of each sample.
std::vector<std::size_t> sampled(const Stream& stream, const std::vector<std::size_t>& frames,
                                 const SamplingPlan& plan, Zero zero) {
  std::vector<std::size_t> out;
  Sampler sampler(plan, zero);
  std::optional<std::size_t> held;
  for (const std::size_t frame : frames) {
    const auto step = sampler.frame(*stream[frame].unit.time);
    if (held) out.insert(out.end(), step.run.count, *held);
    if (step.holds) held = frame;
    if (step.done) return out;
  }
  if (held) out.insert(out.end(), sampler.end(stream[*held].unit.duration, {}).count, *held);
  return out;
}

SamplingPlan random_plan(Random& random) {
  constexpr int kIntervals[] = {0, 40, 100, 300, 1000, 2000, 3300, 10'000};
  SamplingPlan plan;
  plan.period = Rational(std::int64_t{kIntervals[random.up_to(7)]} * 1'000'000);
  if (random.chance(30)) plan.start = milliseconds(random.up_to(20'000));
  if (random.chance(20)) plan.max_samples = static_cast<std::uint64_t>(1 + random.up_to(9));
  if (random.chance(20)) plan.stop = plan.start + milliseconds(1 + random.up_to(20'000));
  return plan;
}

/// Cases of what a decoder gives out: nothing that is broken, all, and anything.
std::vector<std::vector<bool>> decoders(std::size_t units, Random& random) {
  std::vector<std::vector<bool>> out;
  for (const int percent : {0, 100, 30}) {
    auto& shows = out.emplace_back();
    for (std::size_t i = 0; i < units; ++i) shows.push_back(random.chance(percent));
  }
  return out;
}

/// Holds the samples of what passes against those of decoding all.
void require_same_samples(const Stream& stream, const std::vector<bool>& passes,
                          const std::vector<SamplingPlan>& plans, Zero zero, Random& random) {
  const std::vector<bool> all(stream.size(), true);
  for (const auto& shows_broken : decoders(stream.size(), random)) {
    const auto full = decoded(stream, all, shows_broken);
    const auto sparse = decoded(stream, passes, shows_broken);
    for (const SamplingPlan& plan : plans) {
      REQUIRE(sampled(stream, full, plan, zero) == sampled(stream, sparse, plan, zero));
    }
  }
}

/// Checks the samples through the gate, and returns how many units pass.
std::size_t check_samples(const Stream& stream, Random& random) {
  std::vector<SamplingPlan> plans;
  for (int i = random.up_to(2); i >= 0; --i) plans.push_back(random_plan(random));
  const auto limits = random.chance(20) ? anim::GateLimits{.bytes = 2000} : anim::GateLimits{};
  const Zero zero = random.chance(30) ? Zero::SegmentStart : Zero::FirstFrame;
  const auto passes = gated(stream, FrameDemand(plans, zero), kReordered, limits);
  require_same_samples(stream, passes, plans, zero, random);
  return static_cast<std::size_t>(std::count(passes.begin(), passes.end(), true));
}

SamplingPlan every_second() {
  SamplingPlan plan;
  plan.period = Rational(1'000'000'000);
  return plan;
}

}  // namespace

TEST_CASE("the samples are those of decoding everything") {
  std::size_t units = 0;
  std::size_t passed = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    Random random(seed + 1'000'000);
    const Stream stream = StreamMaker(seed).make(1 + random.up_to(8));
    passed += check_samples(stream, random);
    units += stream.size();
  }
  CHECK(passed < units * 3 / 4);
}

TEST_CASE("random access points pass alone, each with its time") {
  SamplingPlan keys;
  keys.keys_alone = true;
  std::size_t entries = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const Stream stream = StreamMaker(seed).make(6);
    const auto is_broken = broken(stream);
    UnitGate gate{FrameDemand({keys}, Zero::SegmentStart), kReordered};
    for (const Picture& picture : stream) gate.add(picture.unit);
    gate.end();
    for (const Picture& picture : stream) {
      const auto decision = gate.next();
      REQUIRE(decision);
      // One that may be the first to come out passes too: zero depends on it.
      const bool is_early = *picture.unit.time <= *stream.front().unit.time + milliseconds(40);
      if (decision->is_entry) {
        REQUIRE_FALSE(decision->drop);
        ++entries;
      } else if (!is_early && !is_broken[static_cast<std::size_t>(&picture - stream.data())]) {
        REQUIRE(decision->drop);
      }
      const bool must_pass =
          picture.unit.entry == Entry::Closed && *picture.unit.time > Nanoseconds(0);
      if (must_pass) REQUIRE(decision->is_entry);
    }
    const auto last =
        std::max_element(stream.begin(), stream.end(),
                         [](const auto& a, const auto& b) { return *a.unit.time < *b.unit.time; });
    REQUIRE(gate.end_time() == *last->unit.time + milliseconds(40));
  }
  CHECK(entries > 4000);
}

TEST_CASE("random access points pass beside what other samplers want") {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    Random random(seed + 5'000'000);
    const Stream stream = StreamMaker(seed).make(1 + random.up_to(6));
    SamplingPlan keys;
    keys.keys_alone = true;
    const SamplingPlan other = random_plan(random);
    const auto passes = gated(stream, FrameDemand({keys, other}));
    for (std::size_t i = 0; i < stream.size(); ++i) {
      const bool is_key =
          stream[i].unit.entry == Entry::Closed && *stream[i].unit.time > Nanoseconds(0);
      if (is_key) REQUIRE(passes[i]);
    }
    require_same_samples(stream, passes, {other}, Zero::FirstFrame, random);
  }
}

TEST_CASE("the samples are those of decoding everything where gaps are not read") {
  std::size_t seeks = 0;
  for (unsigned seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    Random random(seed + 3'000'000);
    const Stream stream = StreamMaker(seed).make(20 + random.up_to(100));
    SamplingPlan plan = random_plan(random);
    if (random.chance(50)) plan.period = Rational(std::int64_t{60'000'000'000});
    const Zero zero = random.chance(30) ? Zero::SegmentStart : Zero::FirstFrame;
    const auto passes = gated_with_seeks(stream, FrameDemand({plan}, zero), seeks);
    require_same_samples(stream, passes, {plan}, zero, random);
  }
  CHECK(seeks > 50);
}

TEST_CASE("the samples are those of decoding everything where another segment begins") {
  std::size_t units = 0;
  std::size_t passed = 0;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    Random random(seed + 4'000'000);
    const Stream stream = StreamMaker(seed).make(2 + random.up_to(8));
    if (stream.front().unit.entry != Entry::Closed) continue;
    const auto last = static_cast<int>(std::min<std::size_t>(stream.size(), 30)) - 1;
    const auto first = static_cast<std::size_t>(1 + random.up_to(last - 1));
    const Nanoseconds later = milliseconds(random.up_to(100));
    const SamplingPlan plan = random_plan(random);
    const auto passes =
        gated_with_change(with_change(stream, first, later), FrameDemand({plan}), first);
    const std::vector<bool> all(stream.size(), true);
    const Stream full = as_shown(stream, all, first, later);
    const Stream sparse = as_shown(stream, passes, first, later);
    REQUIRE(sampled(full, decoded(full, all, all), plan, Zero::FirstFrame) ==
            sampled(sparse, decoded(sparse, passes, all), plan, Zero::FirstFrame));
    units += stream.size();
    passed += static_cast<std::size_t>(std::count(passes.begin(), passes.end(), true));
  }
  CHECK(passed < units * 9 / 10);
}

TEST_CASE("an entry before the end of the segment before is a doubt") {
  UnitGate gate(FrameDemand({every_second()}), kReordered);
  gate.add({.entry = Entry::Closed, .time = milliseconds(0)});
  gate.add({.time = milliseconds(400)});
  gate.change_times(Nanoseconds(0));
  gate.add({.time = milliseconds(80)});
  CHECK_FALSE(gate.passes_all());
  gate.add({.entry = Entry::Open, .time = milliseconds(400)});
  CHECK(gate.passes_all());
}

TEST_CASE("the way around a gap leads to its end, but not into the stream's last groups") {
  using std::chrono::seconds;
  const anim::Gap gap{.from = seconds(10), .until = seconds(60), .group = seconds(4)};
  CHECK(anim::way_around(gap, seconds(100)) == seconds(60));
  CHECK(anim::way_around(gap, seconds(50)) == seconds(42));
  CHECK_FALSE(anim::way_around(gap, seconds(25)));
  const anim::Gap of_keys{.from = seconds(0), .until = seconds(60), .group = milliseconds(40)};
  CHECK(anim::way_around(of_keys, seconds(50)) == seconds(48));
}

TEST_CASE("a landing that is no entry inside the gap changes nothing") {
  SamplingPlan plan;
  plan.period = Rational(std::int64_t{60'000'000'000});
  UnitGate gate(FrameDemand({plan}), UnitOrder{.reorder_limit = 2});
  for (int i = 0; i < 60; ++i) {
    gate.add({.entry = i % 25 == 0 ? Entry::Closed : Entry::None,
              .time = milliseconds(40 * i),
              .duration = milliseconds(40)});
    while (gate.next()) {
    }
  }
  REQUIRE(gate.gap());
  CHECK(gate.gap()->until == std::chrono::seconds(60));
  CHECK(gate.gap()->group == std::chrono::seconds(1));
  CHECK_FALSE(gate.lands_at({.entry = Entry::None, .time = std::chrono::seconds(59)}));
  CHECK_FALSE(gate.lands_at({.entry = Entry::Closed, .time = std::chrono::seconds(61)}));
  CHECK_FALSE(gate.lands_at({.entry = Entry::Closed, .time = std::chrono::seconds(2)}));
  CHECK_FALSE(gate.lands_at({.entry = Entry::Closed, .time = {}}));
  const GateUnit good{
      .entry = Entry::Closed, .time = std::chrono::seconds(59), .duration = milliseconds(40)};
  REQUIRE(gate.lands_at(good));
  gate.add(good);
  CHECK_FALSE(gate.gap());
  for (int i = 1; i < 60; ++i) {
    gate.add(
        {.time = std::chrono::seconds(59) + milliseconds(40 * i), .duration = milliseconds(40)});
  }
  bool begins_anew = false;
  while (const auto decision = gate.next()) begins_anew = begins_anew || decision->begins_anew;
  CHECK(begins_anew);
}

TEST_CASE("the samples of a stream that begins in the middle, whatever its decoder shows first") {
  std::size_t units = 0;
  std::size_t passed = 0;
  for (unsigned seed = 0; seed < 1500; ++seed) {
    CAPTURE(seed);
    Random random(seed + 2'000'000);
    const Stream whole = StreamMaker(seed).make(2 + random.up_to(8));
    const auto last = static_cast<int>(std::min<std::size_t>(whole.size(), 30)) - 1;
    const Stream stream = joined_at(static_cast<std::size_t>(random.up_to(last)), whole);
    passed += check_samples(stream, random);
    units += stream.size();
  }
  CHECK(passed < units * 9 / 10);
}

TEST_CASE("a stream that begins in the middle passes up to its first entry, without a wait") {
  UnitGate gate(FrameDemand({every_second()}), kReordered);
  for (int i = 0; i < 5; ++i) {
    gate.add({.is_reference = i % 2 == 0, .is_shown = i != 3, .time = milliseconds(40 * i)});
    const auto decision = gate.next();
    REQUIRE(decision);
    CHECK_FALSE(decision->drop);
  }
  gate.add({.entry = Entry::Closed, .time = milliseconds(200)});
  CHECK_FALSE(gate.next());
  CHECK_FALSE(gate.passes_all());
}

TEST_CASE("a picture at which a stream may only begin leaves out no reference before it") {
  UnitGate gate(FrameDemand({every_second()}), kReordered);
  for (int i = 0; i < 100; ++i) {
    gate.add({.entry = i % 10 == 5 ? Entry::Join : Entry::None,
              .is_reference = i % 2 == 1,
              .time = milliseconds(40 * i)});
  }
  CHECK_FALSE(gate.lands_at({.entry = Entry::Join, .time = std::chrono::seconds(60)}));
  gate.end();
  int number = 0;
  int last_reference = 0;
  int dropped = 0;
  while (const auto decision = gate.next()) {
    CHECK_FALSE(decision->begins_anew);
    const bool is_reference = number % 2 == 1;
    if (decision->drop && !is_reference) ++dropped;
    if (!decision->drop && is_reference) {
      CHECK(last_reference + 2 >= number);
      last_reference = number;
    }
    ++number;
  }
  CHECK(last_reference >= 75);  // the last wanted frames are at 3 s and at the end
  CHECK(dropped > 30);
}

TEST_CASE("a leading picture of the first entry meets all that came before it in decoding order") {
  UnitGate gate(FrameDemand({every_second()}), kReordered);
  gate.add({.time = milliseconds(0)});
  gate.add({.entry = Entry::Open, .time = milliseconds(200)});
  // The first two frames from the entry on pass anyway.
  for (const int time : {240, 280}) {
    gate.add({.is_reference = false, .time = milliseconds(time)});
  }
  gate.add({.is_reference = false, .time = milliseconds(160)});
  gate.add({.is_reference = false, .time = milliseconds(320)});
  gate.add({.is_reference = false, .time = milliseconds(360)});
  gate.add({.is_reference = false, .time = milliseconds(400)});
  gate.end();
  std::vector<bool> passes;
  while (const auto decision = gate.next()) passes.push_back(!decision->drop);
  CHECK(passes == std::vector{true, true, true, true, true, false, true, true});
}

TEST_CASE("an I picture that is shown before one that it follows is not the first entry") {
  UnitGate gate(FrameDemand({every_second()}), kReordered);
  gate.add({.time = milliseconds(80)});
  gate.add({.entry = Entry::Open, .time = milliseconds(40)});
  (void)gate.next();
  CHECK(gate.next());  // as all before the first entry
  CHECK_FALSE(gate.passes_all());
}

TEST_CASE("a stream without an entry passes whole") {
  UnitGate gate(FrameDemand({every_second()}), kReordered);
  for (int i = 0; i < 200; ++i) {
    gate.add({.time = milliseconds(40 * i)});
    REQUIRE(gate.next());
  }
  CHECK(gate.passes_all());
}

TEST_CASE("a first picture at a wrong time lets all pass, without growth") {
  UnitGate gate(FrameDemand({every_second()}), kReordered);
  gate.add({.entry = Entry::Open, .time = std::chrono::hours(1)});
  std::size_t open = 1;
  for (int i = 0; i < 100'000; ++i) {
    gate.add({.is_reference = false, .time = milliseconds(40 * i)});
    ++open;
    while (const auto decision = gate.next()) --open;
    REQUIRE(open < 200);
  }
  CHECK(gate.passes_all());
}

TEST_CASE("two pictures of one time are a doubt where pictures are reordered") {
  UnitGate gate(FrameDemand({every_second()}), kReordered);
  gate.add({.entry = Entry::Closed, .time = milliseconds(0)});
  gate.add({.time = milliseconds(40)});
  CHECK_FALSE(gate.passes_all());
  gate.add({.is_reference = false, .time = milliseconds(40)});
  CHECK(gate.passes_all());
}

TEST_CASE("what waits is bounded, also behind a picture that nobody can decide") {
  UnitGate gate(FrameDemand({every_second()}), kReordered, {.bytes = 1 << 20, .units = 100});
  gate.add({.entry = Entry::Closed, .time = milliseconds(0)});
  gate.add({.is_reference = false, .time = milliseconds(40)});
  std::size_t open = 2;
  for (int i = 0; i < 10'000; ++i) {
    gate.add({.is_reference = false, .is_shown = false});
    ++open;
    while (const auto decision = gate.next()) --open;
    REQUIRE(open <= 201);
  }
}

TEST_CASE("the second field shares the first one's fate") {
  UnitGate gate(FrameDemand({every_second()}), UnitOrder{.reorder_limit = 2});
  std::vector<bool> passes;
  const auto take = [&] {
    while (const auto decision = gate.next()) passes.push_back(!decision->drop);
  };
  for (int i = 0; i < 60; ++i) {
    gate.add({.entry = i == 0 ? Entry::Closed : Entry::None,
              .is_reference = i % 2 == 0,
              .time = milliseconds(40 * i),
              .duration = milliseconds(40)});
    gate.add({.is_reference = i % 2 == 0, .continues_picture = true});
    take();
  }
  gate.end();
  take();
  REQUIRE(passes.size() == 120);
  for (std::size_t i = 0; i < passes.size(); i += 2) CHECK(passes[i] == passes[i + 1]);
  CHECK(std::count(passes.begin(), passes.end(), false) > 20);
}
