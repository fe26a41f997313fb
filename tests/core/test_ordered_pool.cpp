// SPDX-License-Identifier: LGPL-2.1-or-later
#include <atomic>
#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "gst/core/ordered_pool.h"

using anim::OrderedPool;

TEST_CASE("results come in the order of the jobs, whatever each takes") {
  OrderedPool<int> pool(4);
  std::vector<int> taken;
  for (int i = 0; i < 100; ++i) {
    if (pool.is_full()) taken.push_back(pool.take());
    pool.submit([i] {
      std::this_thread::sleep_for(std::chrono::microseconds((i * 37) % 500));
      return i;
    });
  }
  while (!pool.is_empty()) taken.push_back(pool.take());
  REQUIRE(taken.size() == 100);
  for (int i = 0; i < 100; ++i) CHECK(taken[i] == i);
}

TEST_CASE("destroying a pool abandons the jobs that wait") {
  std::atomic<int> ran = 0;
  {
    OrderedPool<int> pool(1);
    for (int i = 0; i < 50; ++i) {
      pool.submit([&ran] {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return ++ran;
      });
    }
  }
  CHECK(ran < 50);
}
