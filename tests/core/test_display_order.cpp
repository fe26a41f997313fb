// SPDX-License-Identifier: LGPL-2.1-or-later
#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/display_order.h"

using anim::display_times;
using anim::DisplayPlaces;
using anim::kSecond;
using anim::Nanoseconds;
using anim::PictureTime;
using anim::UnitOrder;

namespace {

using Places = std::vector<std::optional<std::int64_t>>;

std::vector<int> shown(const std::vector<PictureTime>& pictures,
                       std::optional<Nanoseconds> after = std::nullopt) {
  std::vector<int> out;
  for (const Nanoseconds time : display_times(pictures, after)) {
    out.push_back(static_cast<int>(time.count()));
  }
  return out;
}

PictureTime at(int time, std::optional<std::int64_t> place = std::nullopt) {
  return {Nanoseconds(time), place};
}

constexpr UnitOrder kCounted{.reorder_limit = 32};
constexpr UnitOrder kAnchors{.reorder_limit = 2, .disposable_precedes_anchor = true};

}  // namespace

TEST_CASE("times in the order of places stay as they are") {
  CHECK(shown({at(0, 0), at(40, 8), at(20, 4), at(30, 6)}) == std::vector{0, 40, 20, 30});
  CHECK(shown({at(5, 0)}, Nanoseconds(2)) == std::vector{5});
}

TEST_CASE("a picture is not shown before the one before it") {
  CHECK(shown({at(10, 0), at(40, 2), at(35, 4), at(38, 6), at(50, 8)}) ==
        std::vector{10, 40, 43, 46, 50});
  CHECK(shown({at(10, 0)}, Nanoseconds(10)) == std::vector{13});
  CHECK(shown({at(-20, 0), at(-30, 2)}) == std::vector{-20, -17});
}

TEST_CASE("a picture whose time is wrong moves no other") {
  constexpr int kLate = 1'500'000'000;
  CHECK(shown({at(10, 0), at(kLate, 2), at(30, 4), at(40, 6)}) == std::vector{10, kLate, 30, 40});
  CHECK(shown({at(10, 0)}, Nanoseconds(kLate)) == std::vector{10});
}

TEST_CASE("without a place of each picture times tell the order") {
  CHECK(shown({at(0, 0), at(40), at(20, 9), at(20)}) == std::vector{0, 40, 20, 23});
}

TEST_CASE("what has no time follows the picture before it") {
  std::vector<PictureTime> pictures{at(0, 0), at(7, 2), at(19, 4)};
  pictures[1].distance = Nanoseconds(3);
  CHECK(shown(pictures) == std::vector{0, 3, 19});
  pictures[0].distance = Nanoseconds(5);
  CHECK(shown(pictures, Nanoseconds(100)) == std::vector{105, 108, 111});
  CHECK(shown(pictures) == std::vector{0, 3, 19});  // nothing is before it: the guess
}

TEST_CASE("which picture is shown before another one") {
  CHECK(is_shown_before(at(50, 2), at(40, 4)));
  CHECK(!is_shown_before(at(40, 4), at(50, 2)));
  CHECK(is_shown_before(at(40), at(50, 2)));
}

TEST_CASE("codecs that put no picture before another one count pictures") {
  DisplayPlaces places{{}};
  auto before = places.place({.is_entry = true});
  for (const bool is_entry : {false, false, true, false}) {
    const auto place = places.place({.is_entry = is_entry});
    CHECK(before < place);
    before = place;
  }
}

TEST_CASE("pictures without reference are shown before the anchor that they follow") {
  DisplayPlaces places(kAnchors);
  const auto i = places.place({.is_entry = true});
  const auto p = places.place({});
  const auto b1 = places.place({.is_reference = false});
  const auto b2 = places.place({.is_reference = false});
  const auto p2 = places.place({});
  CHECK(i < b1);
  CHECK(b1 < b2);
  CHECK(b2 < p);
  CHECK(p < p2);
}

TEST_CASE("order counts tell the places, until times contradict them") {
  DisplayPlaces places(kCounted);
  constexpr Nanoseconds kTenth{kSecond / 10};
  CHECK(places.place({.is_entry = true, .order_count = 0}) == 0);
  CHECK(places.place({.order_count = 8, .time = kTenth}) == 8);
  CHECK(places.place({.order_count = 4, .time = 3 * kTenth}) == 4);  // moved by a receiver
  CHECK(places.place({.order_count = 6, .time = 5 * kTenth}) == std::nullopt);
  CHECK(places.place({.order_count = 12, .time = 5 * kTenth}) == std::nullopt);
  CHECK(places.place({.is_entry = true, .order_count = 2, .time = 6 * kTenth}) == 2);
}

TEST_CASE("after a picture that is not understood no place is known up to the next group") {
  for (const UnitOrder& order : {kCounted, kAnchors, UnitOrder{}}) {
    DisplayPlaces places(order);
    CHECK(places.place({.is_entry = true, .order_count = 0}));
    places.lose();
    CHECK(!places.place({.order_count = 2}));
    CHECK(!places.place({.order_count = 4}));
    CHECK(places.place({.is_entry = true, .order_count = 0}));
  }
  DisplayPlaces places(kCounted);
  CHECK(places.place({.is_entry = true, .order_count = 0}));
  CHECK(!places.place({}));
  CHECK(!places.place({.order_count = 4}));
}
