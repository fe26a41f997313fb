// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/clip_units.h"
#include "tests/core/numbered_ring.h"

using anim::clip_units;
using anim::test::add;
using anim::test::at;
using anim::test::groups_of_five;
using anim::test::kPlenty;
using anim::test::Ring;

namespace {

std::vector<int> payloads(const Ring& ring, int from, int to, std::size_t stretch = 0) {
  std::vector<int> out;
  const auto clip = clip_units(ring.since(at(from)), at(from), at(to));
  for (const auto& unit : clip.stretches.at(stretch).units) out.push_back(unit.payload);
  return out;
}

// Times of a whole clip's units, in decoding order.
std::vector<int> times(const Ring& ring) {
  std::vector<int> out;
  for (const auto& stretch : clip_units(ring.since(at(0)), at(0), at(10'000)).stretches) {
    for (const auto& unit : stretch.units) out.push_back(static_cast<int>(unit.time.count()));
  }
  return out;
}

void add_placed(Ring& ring, int time, int place, bool is_entry = false) {
  ring.add({.payload = time, .time = at(time), .bytes = 10, .place = place}, is_entry, "a");
}

}  // namespace

TEST_CASE("a new format begins with an entry, also when the old one comes back") {
  Ring ring = groups_of_five(1);
  CHECK_FALSE(add(ring, 50, false, "b"));
  CHECK_FALSE(add(ring, 60, false, "a"));
  CHECK(add(ring, 70, true, "b"));
  CHECK(add(ring, 80, false, "b"));
  CHECK(payloads(ring, 0, 100, 0) == std::vector{0, 10, 20, 30, 40});
  CHECK(payloads(ring, 0, 100, 1) == std::vector{70, 80});
}

TEST_CASE("a clip begins with the group that shows its beginning and ends with that of its end") {
  const Ring ring = groups_of_five(4);
  CHECK(payloads(ring, 55, 99) == std::vector{50, 60, 70, 80, 90});
  CHECK(payloads(ring, 49, 50) == std::vector{0, 10, 20, 30, 40, 50, 60, 70, 80, 90});
  const auto clip = clip_units(ring.since(at(55)), at(55), at(99));
  CHECK(clip.first.payload == 50);
  CHECK(clip_units(ring.since(at(58)), at(58), at(99)).first.payload == 60);  // samplers round
  CHECK(clip.last.payload == 90);
  CHECK(clip.next == at(100));
  CHECK(clip.stretches[0].begin == at(50));
  CHECK(!clip_units(ring.since(at(150)), at(150), at(190)).next);
}

TEST_CASE("a clip of what is there: it begins later, and may be empty") {
  Ring ring;
  for (int i = 10; i < 15; ++i) add(ring, i * 10, i == 10);
  const auto late = clip_units(ring.since(at(0)), at(0), at(120));
  CHECK(late.first.payload == 100);
  CHECK(late.last.payload == 120);
  CHECK(clip_units(ring.since(at(0)), at(0), at(99)).stretches.empty());
  CHECK(clip_units(Ring().since(at(0)), at(0), at(99)).stretches.empty());
}

TEST_CASE("pictures before an open group's first are those of the group before it") {
  Ring ring;
  add(ring, 0, true);
  add(ring, 10, false);
  add(ring, 40, true);  // shown after the two that follow
  add(ring, 20, false);
  add(ring, 30, false);
  add(ring, 50, false);
  const auto whole = clip_units(ring.since(at(30)), at(30), at(50));
  CHECK(whole.first.payload == 30);
  CHECK(whole.stretches[0].begin == at(0));
  // By itself it does not bring them.
  ring.trim(at(40), kPlenty);
  CHECK(payloads(ring, 30, 50) == std::vector{40, 50});
  CHECK(clip_units(ring.since(at(30)), at(30), at(50)).first.payload == 40);
}

TEST_CASE(
    "a clip that ends before an open group's first picture takes those that are shown before it") {
  Ring ring;
  add(ring, 0, true);
  add(ring, 10, false);
  add(ring, 40, true);
  add(ring, 20, false);
  add(ring, 30, false);
  add(ring, 50, false);
  add(ring, 80, true);
  CHECK(payloads(ring, 0, 25) == std::vector{0, 10, 40, 20});
  const auto clip = clip_units(ring.since(at(0)), at(0), at(35));
  CHECK(clip.stretches[0].units.size() == 5);
  CHECK(clip.last.payload == 30);
}

TEST_CASE("hidden units are decoded and are no first or last picture") {
  Ring ring;
  add(ring, 0, true);
  add(ring, 10, false, "a", false);
  add(ring, 20, false);
  add(ring, 30, false, "a", false);
  const auto clip = clip_units(ring.since(at(10)), at(10), at(30));
  CHECK(clip.first.payload == 0);
  CHECK(clip.last.payload == 20);
  CHECK(clip.stretches[0].units.size() == 4);
  CHECK(ring.newest() == at(20));
}

TEST_CASE("a clip keeps its groups when the ring lets them go") {
  Ring ring = groups_of_five(2);
  auto span = ring.since(at(0));
  ring.trim(at(1'000), kPlenty);
  CHECK(ring.groups() == 1);
  CHECK(clip_units(span, at(0), at(99)).stretches[0].units.size() == 10);
  CHECK(anim::drop_before(span, at(60)) == 50);
  CHECK(span.size() == 1);
}

TEST_CASE("what is on screen is the last picture that has begun") {
  Ring ring;
  for (const int time : {20, 40, 30, 60, 50}) add(ring, time, time == 20, "a", time != 40);
  const auto clip = clip_units(ring.since(at(0)), at(0), at(100));
  CHECK(anim::on_screen(clip, at(17)) == nullptr);
  CHECK(anim::on_screen(clip, at(18))->payload == 20);  // samplers round
  CHECK(anim::on_screen(clip, at(45))->payload == 30);
  CHECK(anim::on_screen(clip, at(50))->payload == 50);
  CHECK(anim::on_screen(clip, at(99))->payload == 60);
}

TEST_CASE("pictures whose times a receiver put out of order are shown in their order") {
  Ring ring;
  add_placed(ring, 0, 0, true);
  add_placed(ring, 100, 8);
  add_placed(ring, 50, 4);
  add_placed(ring, 20, 2);
  add_placed(ring, 70, 6);
  add_placed(ring, 180, 16);
  add_placed(ring, 130, 12);
  add_placed(ring, 90, 10);  // after the one of 100
  add_placed(ring, 140, 14);
  CHECK(times(ring) == std::vector{0, 100, 50, 20, 70, 180, 130, 103, 140});
  CHECK(clip_units(ring.since(at(0)), at(0), at(100)).last.payload == 100);
  CHECK(clip_units(ring.since(at(0)), at(0), at(100)).next == at(103));
  CHECK(clip_units(ring.since(at(103)), at(103), at(103)).first.payload == 90);
}

TEST_CASE("an open group's pictures follow those of the group before it") {
  Ring ring;
  add_placed(ring, 0, 0, true);
  add_placed(ring, 40, 2);
  add_placed(ring, 80, 10, true);
  add_placed(ring, 35, 6);
  add_placed(ring, 60, 8);
  CHECK(times(ring) == std::vector{0, 40, 80, 43, 60});
  CHECK(payloads(ring, 0, 50) == std::vector{0, 40, 80, 35});
  CHECK(clip_units(ring.since(at(43)), at(43), at(50)).first.payload == 35);
}

TEST_CASE("a picture without a time follows the one shown before it") {
  Ring ring;
  add_placed(ring, 0, 0, true);
  add_placed(ring, 40, 8);
  // Guessed in the order of decoding: each after the newest.
  for (const auto& [guess, place] : {std::pair(50, 4), {60, 2}, {70, 6}}) {
    ring.add({.payload = place, .time = at(guess), .bytes = 10, .place = place, .distance = at(10)},
             false, "a");
  }
  CHECK(times(ring) == std::vector{0, 40, 20, 10, 30});
}

TEST_CASE("a unit without a picture goes with the one before it") {
  Ring ring;
  add_placed(ring, 0, 0, true);
  add_placed(ring, 40, 2);
  add_placed(ring, 30, 4);
  add(ring, 30, false, "a", false);  // a second field
  CHECK(times(ring) == std::vector{0, 40, 43, 43});
}

TEST_CASE("a clip begins with an entry that a receiver has put before what is shown before it") {
  Ring ring;
  add_placed(ring, 0, 0, true);
  add_placed(ring, 70, 2);
  add_placed(ring, 60, 10, true);
  add_placed(ring, 65, 8);
  add_placed(ring, 100, 12);
  // Without the group before it is not shown earlier, but for the distance of what follows at once.
  const auto clip = clip_units(ring.since(at(80)), at(80), at(200));
  CHECK(clip.first.payload == 60);
  CHECK(clip.first.time == at(73));
  CHECK(times(ring) == std::vector{0, 70, 76, 73, 100});
}
