// SPDX-License-Identifier: LGPL-2.1-or-later
// The samples are those of decoding in full also where gaps are not read, where segments change and
// where random access points are wanted too.
#include <algorithm>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/unit_gate.h"
#include "tests/core/gate_model.h"

using namespace anim::gate_model;
using anim::Entry;
using anim::FrameDemand;
using anim::Nanoseconds;
using anim::Rational;
using anim::SamplingPlan;
using anim::UnitGate;
using anim::Zero;

namespace {

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

}  // namespace

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
