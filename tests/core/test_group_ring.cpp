// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/group_ring.h"

using anim::clip_units;
using anim::Nanoseconds;

namespace {

using Ring = anim::GroupRing<int, std::string>;
constexpr std::size_t kPlenty = 1'000'000;

constexpr Nanoseconds at(int time) {
  return Nanoseconds(time);
}

bool add(Ring& ring, int time, bool is_entry, const std::string& format = "a", bool shown = true) {
  return ring.add({.payload = time, .time = at(time), .is_shown = shown, .bytes = 10}, is_entry,
                  format);
}

// Groups of five units, 10 apart.
Ring groups_of_five(int groups) {
  Ring ring;
  for (int i = 0; i < groups * 5; ++i) add(ring, i * 10, i % 5 == 0);
  return ring;
}

std::vector<int> payloads(const Ring& ring, int from, int to, std::size_t stretch = 0) {
  std::vector<int> out;
  const auto clip = clip_units(ring.since(at(from)), at(from), at(to));
  for (const auto& unit : clip.stretches.at(stretch).units) out.push_back(unit.payload);
  return out;
}

}  // namespace

TEST_CASE("nothing is kept before decoding can begin") {
  Ring ring;
  CHECK_FALSE(add(ring, 0, false));
  CHECK_FALSE(add(ring, 10, false));
  CHECK(ring.groups() == 0);
  CHECK(add(ring, 20, true));
  CHECK(add(ring, 30, false));
  CHECK(ring.bytes() == 20);
  CHECK(ring.length() == at(10));
}

TEST_CASE("old groups go when the one after them has begun in time") {
  Ring ring = groups_of_five(4);
  ring.trim(at(99), kPlenty);
  CHECK(ring.groups() == 3);
  ring.trim(at(100), kPlenty);
  CHECK(ring.groups() == 2);
  ring.trim(at(100'000), kPlenty);
  CHECK(ring.groups() == 1);
  CHECK(ring.bytes() == 50);
}

TEST_CASE("too many bytes: the oldest whole group goes first, at last the newest") {
  Ring ring = groups_of_five(4);
  ring.trim(at(0), 120);
  CHECK(ring.groups() == 2);
  CHECK(ring.bytes() == 100);
  ring.trim(at(0), 40);
  CHECK(ring.groups() == 0);
  CHECK(ring.bytes() == 0);
  CHECK_FALSE(add(ring, 200, false));
  CHECK(add(ring, 210, true));
}

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
  CHECK(anim::on_screen(clip, at(19)) == nullptr);
  CHECK(anim::on_screen(clip, at(45))->payload == 30);
  CHECK(anim::on_screen(clip, at(50))->payload == 50);
  CHECK(anim::on_screen(clip, at(99))->payload == 60);
}
