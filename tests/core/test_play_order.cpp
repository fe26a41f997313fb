// SPDX-License-Identifier: LGPL-2.1-or-later
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/play_order.h"

using anim::Nanoseconds;
using anim::PlayOrder;
using anim::Showing;
using anim::showing_count;
using anim::showings;

namespace {

constexpr PlayOrder kReverse{.reverse = true};
constexpr PlayOrder kBoomerang{.boomerang = true};
constexpr PlayOrder kBackFirst{.reverse = true, .boomerang = true};

std::vector<Nanoseconds> lasting(const std::vector<int>& durations) {
  std::vector<Nanoseconds> out;
  for (const int duration : durations) out.emplace_back(duration);
  return out;
}

std::vector<std::size_t> order_of(std::size_t frames, PlayOrder order) {
  std::vector<std::size_t> out;
  const std::vector<Nanoseconds> durations(frames, Nanoseconds(1));
  for (const Showing& showing : showings(durations, order)) out.push_back(showing.frame);
  return out;
}

using Order = std::vector<std::size_t>;

}  // namespace

TEST_CASE("there, back, and both without the end frames twice") {
  CHECK(order_of(4, {}) == Order{0, 1, 2, 3});
  CHECK(order_of(4, kReverse) == Order{3, 2, 1, 0});
  CHECK(order_of(4, kBoomerang) == Order{0, 1, 2, 3, 2, 1});
  CHECK(order_of(4, kBackFirst) == Order{3, 2, 1, 0, 1, 2});
}

TEST_CASE("few frames") {
  for (const PlayOrder order : {PlayOrder{}, kReverse, kBoomerang, kBackFirst}) {
    CHECK(order_of(0, order).empty());
    CHECK(order_of(1, order) == Order{0});
    CHECK(order_of(2, order).size() == 2);
  }
  CHECK(order_of(2, kBoomerang) == Order{0, 1});
  CHECK(order_of(2, kBackFirst) == Order{1, 0});
  CHECK(order_of(3, kBoomerang) == Order{0, 1, 2, 1});
}

TEST_CASE("durations belong to frames and times are their sums") {
  const auto back = showings(lasting({10, 200, 3000}), kReverse);
  CHECK(back[0] == Showing{2, Nanoseconds(0), Nanoseconds(3000), true});
  CHECK(back[1] == Showing{1, Nanoseconds(3000), Nanoseconds(200), true});
  CHECK(back[2] == Showing{0, Nanoseconds(3200), Nanoseconds(10), true});
  const auto both = showings(lasting({10, 200, 3000}), kBoomerang);
  CHECK(both[1] == Showing{1, Nanoseconds(10), Nanoseconds(200), false});
  CHECK(both[3] == Showing{1, Nanoseconds(3210), Nanoseconds(200), true});
}

TEST_CASE("each frame is shown last exactly once") {
  for (const PlayOrder order : {PlayOrder{}, kReverse, kBoomerang, kBackFirst}) {
    for (std::size_t frames = 0; frames < 9; ++frames) {
      const std::vector<Nanoseconds> durations(frames, Nanoseconds(7));
      std::vector<int> last(frames);
      const auto all = showings(durations, order);
      for (const Showing& showing : all) last[showing.frame] += showing.is_last ? 1 : 0;
      CHECK(last == std::vector<int>(frames, 1));
      CHECK(all.size() == showing_count(frames, order));
    }
  }
}
