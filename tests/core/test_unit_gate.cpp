// SPDX-License-Identifier: LGPL-2.1-or-later
// What passes the gate, picture by picture. Its samples are held against a model elsewhere.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/unit_gate.h"
#include "tests/core/gate_model.h"

using namespace anim::gate_model;
using anim::Entry;
using anim::FrameDemand;
using anim::GateUnit;
using anim::Nanoseconds;
using anim::Rational;
using anim::SamplingPlan;
using anim::UnitGate;
using anim::UnitOrder;
using anim::Zero;

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
