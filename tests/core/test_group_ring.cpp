// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/core/group_ring.h"
#include "tests/core/numbered_ring.h"

using anim::test::add;
using anim::test::at;
using anim::test::groups_of_five;
using anim::test::kPlenty;
using anim::test::Ring;

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

TEST_CASE("an open group begins after all pictures that are shown before its first one") {
  Ring ring;
  add(ring, 0, true);
  add(ring, 60, false);
  add(ring, 55, true);  // a receiver moved its time
  CHECK(ring.last()->begin == at(63));
  ring.add({.payload = 70, .time = at(70), .bytes = 10, .place = -2}, false, "a");
  CHECK(ring.last()->begin == at(63));  // of the first one no place is known
  ring.add({.payload = 80, .time = at(80), .bytes = 10, .place = 4}, true, "a");
  ring.add({.payload = 85, .time = at(85), .bytes = 10, .place = 2}, false, "a");
  ring.add({.payload = 99, .time = at(99), .bytes = 10, .place = 6}, false, "a");
  CHECK(ring.last()->begin == at(88));
}

TEST_CASE("a guessed time does not put off the next group") {
  Ring ring;
  add(ring, 0, true);
  ring.add({.payload = 90, .time = at(90), .bytes = 10, .distance = at(10)}, false, "a");
  add(ring, 50, true);
  CHECK(ring.last()->begin == at(50));
  CHECK(ring.newest() == at(90));
}

TEST_CASE("a group is kept until it is certain when the next one begins") {
  Ring ring;
  ring.add({.payload = 0, .time = at(0), .bytes = 10, .place = 0}, true, "a");
  ring.add({.payload = 20, .time = at(20), .bytes = 10, .place = 10}, true, "a");
  ring.trim(at(25), kPlenty);
  CHECK(ring.groups() == 2);
  ring.add({.payload = 40, .time = at(40), .bytes = 10, .place = 8}, false, "a");
  ring.trim(at(25), kPlenty);
  CHECK(ring.groups() == 2);
  ring.add({.payload = 60, .time = at(60), .bytes = 10, .place = 12}, false, "a");
  ring.trim(at(25), kPlenty);
  CHECK(ring.groups() == 2);  // it begins at 43
  ring.trim(at(43), kPlenty);
  CHECK(ring.groups() == 1);
}
