// SPDX-License-Identifier: LGPL-2.1-or-later
#include <atomic>
#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "gst/tools/server/job_pool.h"

using anim::server::JobPool;

TEST_CASE("jobs are done on several threads, and all of them before a stop returns") {
  std::atomic<int> done{0};
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  JobPool pool(3, 100);
  for (int i = 0; i < 30; ++i) {
    REQUIRE(pool.add([&] {
      const int now = ++at_once;
      int seen = most;
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
      --at_once;
      ++done;
    }));
  }
  pool.stop();
  CHECK(done == 30);
  CHECK(most <= 3);
  CHECK(most > 1);
  CHECK_FALSE(pool.add([] {}));
}

TEST_CASE("only so many wait") {
  std::atomic<int> granted{0};
  std::atomic<bool> may_go{false};
  std::atomic<bool> has_begun{false};
  JobPool pool(1, 2);
  REQUIRE(pool.add([&] {
    has_begun = true;
    while (!may_go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }));
  while (!has_begun) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  CHECK(pool.add([] {}));
  CHECK(pool.add([] {}));
  CHECK_FALSE(pool.add([] {}));
  CHECK(pool.add_granted([&] { ++granted; }));
  may_go = true;
  pool.stop();
  CHECK(granted == 1);
  CHECK_FALSE(pool.add_granted([] {}));
}
