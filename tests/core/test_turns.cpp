// SPDX-License-Identifier: LGPL-2.1-or-later
// Parts of jobs that are done in order.
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/ordered_pool.h"
#include "gst/core/turns.h"

using anim::Turns;

TEST_CASE("jobs on many threads have their turns in order, also when some of them fail") {
  for (const unsigned threads : {1U, 2U, 5U}) {
    CAPTURE(threads);
    std::vector<int> order;
    const auto turns = std::make_shared<Turns>();
    anim::OrderedPool<int> pool(threads);
    std::vector<int> expected;
    for (int i = 0; i < 40; ++i) {
      while (pool.is_full()) (void)pool.take();
      if (i % 7 != 3) expected.push_back(i);
      pool.submit([&order, turns, i] {
        Turns::Turn turn(turns, static_cast<std::uint64_t>(i));
        if (i % 7 == 3) return -1;  // ends before its turn has come
        std::this_thread::sleep_for(std::chrono::microseconds((i * 37) % 200));
        turn.wait();
        order.push_back(i);
        if (i % 2 == 0) turn.pass();
        return i;
      });
    }
    while (!pool.is_empty()) (void)pool.take();
    CHECK(order == expected);
  }
}
