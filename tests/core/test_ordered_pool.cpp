// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/ordered_pool.h"

using anim::OrderedPool;

TEST_CASE("results come in the order of the jobs, whatever each takes") {
  OrderedPool<int> pool(4);
  std::vector<int> taken;
  for (int i = 0; i < 100; ++i) {
    if (pool.is_full()) taken.push_back(pool.take());
    pool.submit({.result = [i] {
      std::this_thread::sleep_for(std::chrono::microseconds((i * 37) % 500));
      return i;
    }});
  }
  while (!pool.is_empty()) taken.push_back(pool.take());
  REQUIRE(taken.size() == 100);
  for (int i = 0; i < 100; ++i) CHECK(taken[i] == i);
}

TEST_CASE("one thread is the caller's, and jobs run when their results are asked for") {
  OrderedPool<std::thread::id> pool(1);
  std::vector<int> order;
  const auto step = [&order](int part) { return [&order, part] { order.push_back(part); }; };
  const auto result = [&order] {
    order.push_back(3);
    return std::this_thread::get_id();
  };
  for (int i = 0; i < 2; ++i) {
    CHECK_FALSE(pool.is_full());
    pool.submit({.before = step(1), .in_turn = step(2), .result = result});
  }
  CHECK(pool.is_full());
  CHECK(order.empty());
  CHECK(pool.take() == std::this_thread::get_id());
  CHECK(order == std::vector{1, 2, 3});
  CHECK(pool.take_ready() == std::this_thread::get_id());
  CHECK(order == std::vector{1, 2, 3, 1, 2, 3});
  CHECK_FALSE(pool.take_ready());
}

TEST_CASE("the caller runs what waits while it waits") {
  OrderedPool<std::thread::id> pool(2);
  std::promise<void> came;
  // Each job ends when both are at work.
  std::atomic<int> at_work = 0;
  const auto result = [&] {
    if (++at_work == 2) came.set_value();
    return std::this_thread::get_id();
  };
  const auto both = came.get_future().share();
  for (int i = 0; i < 2; ++i) {
    pool.submit({.result = [&, both] {
      const auto thread = result();
      CHECK(both.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
      return thread;
    }});
  }
  const auto first = pool.take();
  CHECK(first != pool.take());
}

TEST_CASE("what the caller has begun goes on after it has left") {
  for (int i = 0; i < 300; ++i) {
    OrderedPool<int> pool(2);
    std::promise<void> ended;
    const auto pause = [i] { std::this_thread::sleep_for(std::chrono::microseconds(i % 7 * 20)); };
    pool.submit({.before = pause, .in_turn = pause, .result = [] { return 0; }});
    pool.submit({.before = pause, .in_turn = pause, .result = [&ended] {
                   ended.set_value();
                   return 1;
                 }});
    CHECK(pool.take() == 0);
    CHECK(ended.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    CHECK(pool.take() == 1);
  }
}

TEST_CASE("destroying a pool abandons the jobs that wait") {
  std::atomic<int> ran = 0;
  {
    OrderedPool<int> pool(2);
    for (int i = 0; i < 50; ++i) {
      pool.submit({.result = [&ran] {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return ++ran;
      }});
    }
  }
  CHECK(ran < 50);
}

TEST_CASE("parts in turn run in the order of the jobs, between their other parts") {
  for (const unsigned threads : {1U, 2U, 5U}) {
    CAPTURE(threads);
    std::vector<int> order;  // guarded by the turns
    std::atomic<int> misplaced = 0;
    OrderedPool<int> pool(threads);
    std::vector<int> taken;
    for (int i = 0; i < 60; ++i) {
      if (pool.is_full()) taken.push_back(pool.take());
      const auto part = std::make_shared<int>(0);
      const auto step = [part, i, &misplaced](int expected) {
        std::this_thread::sleep_for(std::chrono::microseconds((i * 37 + expected * 61) % 200));
        if ((*part)++ != expected) ++misplaced;
      };
      pool.submit({.before = [step] { step(0); },
                   .in_turn =
                       [step, i, &order] {
                         step(1);
                         order.push_back(i);
                       },
                   .result =
                       [step, i] {
                         step(2);
                         return i;
                       }});
    }
    while (!pool.is_empty()) taken.push_back(pool.take());
    CHECK(misplaced == 0);
    CHECK(order == taken);
    REQUIRE(taken.size() == 60);
    CHECK(std::is_sorted(taken.begin(), taken.end()));
  }
}

TEST_CASE("no thread waits for another job's turn") {
  OrderedPool<int> pool(2);
  std::promise<void> others;
  // While the first job holds its turn, one thread prepares all others that fit.
  std::atomic<bool> came = false;
  pool.submit({.in_turn =
                   [&] {
                     came = others.get_future().wait_for(std::chrono::seconds(20)) ==
                            std::future_status::ready;
                   },
               .result = [] { return 0; }});
  std::atomic<int> prepared = 0;
  for (int i = 1; i < 4; ++i) {
    pool.submit({.before =
                     [&] {
                       if (++prepared == 3) others.set_value();
                     },
                 .in_turn = [] {},
                 .result = [i] { return i; }});
  }
  for (int i = 0; i < 4; ++i) CHECK(pool.take() == i);
  CHECK(came);
}

TEST_CASE("a pool may go while jobs are at any of their parts") {
  for (int microseconds = 0; microseconds < 3000; microseconds += 150) {
    const auto used = std::make_shared<int>();
    {
      OrderedPool<int> pool(3);
      const auto step = [used] { std::this_thread::sleep_for(std::chrono::microseconds(200)); };
      for (int i = 0; i < 12; ++i) {
        pool.submit({.before = step, .in_turn = step, .result = [step, i] {
                       step();
                       return i;
                     }});
      }
      std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    }
    CHECK(used.use_count() == 1);  // every job has gone
  }
}

TEST_CASE("what a job holds is gone when its result is there") {
  OrderedPool<int> pool(2);
  auto held = std::make_shared<int>(5);
  const std::weak_ptr<int> rest = held;
  pool.submit({.before = [held] {}, .in_turn = [held] {}, .result = [held] { return *held; }});
  held.reset();
  CHECK(pool.take() == 5);
  CHECK(rest.expired());
}

TEST_CASE("what a part throws is its job's result, and others go on") {
  for (const unsigned threads : {1U, 2U}) {
    CAPTURE(threads);
    OrderedPool<int> pool(threads);
    std::atomic<int> later = 0;
    const auto fail = [] { throw std::runtime_error("no"); };
    pool.submit({.before = fail, .in_turn = [&] { ++later; }, .result = [&] { return ++later; }});
    pool.submit({.in_turn = fail, .result = [&] { return ++later; }});
    pool.submit({.result = [&]() -> int { throw std::runtime_error("no"); }});
    pool.submit({.in_turn = [] {}, .result = [] { return 7; }});
    for (int i = 0; i < 3; ++i) CHECK_THROWS_AS((void)pool.take(), std::runtime_error);
    CHECK(pool.take() == 7);
    CHECK(later == 0);
  }
}
