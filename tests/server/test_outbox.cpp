// SPDX-License-Identifier: LGPL-2.1-or-later
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "gst/tools/server/clock.h"
#include "gst/tools/server/outbox.h"
#include "running_task.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;

namespace {

// A task that ended with `count` messages to "0", "1", …
void add_messages(TaskStore& store, const std::string& id, int count) {
  REQUIRE(*store.add(running_task::entry(id), id, 100) == Added::New);
  const auto task = *store.claim();
  TaskEnd end;
  end.time = now();
  for (int i = 0; i < count; ++i) {
    end.messages.push_back({.target = std::to_string(i), .name = id});
  }
  REQUIRE(store.finish(task->number, end).ok());
}

template <class Condition>
bool comes_true(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("each message is sent once, whatever others do") {
  const TemporaryFolder folder;
  TaskStore store = std::move(*TaskStore::open(folder.text()));
  Metrics metrics;
  std::mutex mutex;
  std::multiset<std::string> sent;
  std::atomic<bool> is_held{true};
  Outbox outbox(store, metrics, [&](const OutgoingMessage& message) {
    // The first receiver does not answer for long.
    if (message.target == "0") comes_true([&] { return !is_held; });
    const std::lock_guard lock(mutex);
    sent.insert(message.target);
    return true;
  });
  outbox.start();
  add_messages(store, "T-1", 20);
  outbox.wake();
  CHECK(comes_true([&] {
    const std::lock_guard lock(mutex);
    return sent.size() == 19;
  }));
  is_held = false;
  outbox.stop();
  CHECK(sent.size() == 20);
  CHECK(std::set(sent.begin(), sent.end()).size() == 20);
  CHECK(store.due_messages(now() + std::chrono::hours(100), 100)->empty());
}

TEST_CASE("what does not arrive is kept for later, and given up in the end") {
  const TemporaryFolder folder;
  TaskStore store = std::move(*TaskStore::open(folder.text()));
  Metrics metrics;
  std::atomic<int> attempts{0};
  add_messages(store, "T-1", 1);
  const auto refuse_once = [&] {
    Outbox outbox(store, metrics, [&](const OutgoingMessage&) {
      ++attempts;
      return false;
    });
    const int before = attempts;
    outbox.start();
    CHECK(comes_true([&] { return attempts == before + 1; }));
  };
  refuse_once();
  const auto later = store.due_messages(now() + std::chrono::minutes(2), 9);
  REQUIRE(later->size() == 1);
  CHECK((*later)[0].attempts == 1);
  CHECK(store.due_messages(now(), 9)->empty());
  for (unsigned i = 1; i < Outbox::kMaxAttempts; ++i) {
    const auto waiting = store.due_messages(now() + std::chrono::hours(13), 9);
    REQUIRE(waiting->size() == 1);
    CHECK((*waiting)[0].attempts == i);
    REQUIRE(
        Database::open(folder.text() + "/tasks.db")->execute("UPDATE messages SET due = 0").ok());
    refuse_once();
  }
  CHECK(store.due_messages(now() + std::chrono::hours(100), 9)->empty());
  CHECK(metrics.text({}).find("{status=\"failed\"} 1") != std::string::npos);
}
