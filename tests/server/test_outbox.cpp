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
#include "gst/tools/server/task_store.h"
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
  MessageStore messages = std::move(*MessageStore::open(folder.text()));
  Metrics metrics;
  std::mutex mutex;
  std::multiset<std::string> sent;
  std::atomic<bool> is_held{true};
  Outbox outbox(messages, metrics, [&](const OutgoingMessage& message) {
    // The first receiver does not answer for long.
    if (message.target == "0") comes_true([&] { return !is_held; });
    const std::lock_guard lock(mutex);
    sent.insert(message.target);
    return Sending::Delivered;
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
  CHECK(messages.due(now() + std::chrono::hours(100), 100)->empty());
}

TEST_CASE("what does not arrive is kept for later, and given up in the end") {
  const TemporaryFolder folder;
  TaskStore store = std::move(*TaskStore::open(folder.text()));
  MessageStore messages = std::move(*MessageStore::open(folder.text()));
  Metrics metrics;
  std::atomic<int> attempts{0};
  add_messages(store, "T-1", 1);
  const auto refuse_once = [&] {
    Outbox outbox(messages, metrics, [&](const OutgoingMessage&) {
      ++attempts;
      return Sending::Failed;
    });
    const int before = attempts;
    outbox.start();
    CHECK(comes_true([&] { return attempts == before + 1; }));
  };
  refuse_once();
  const auto later = messages.due(now() + std::chrono::minutes(2), 9);
  REQUIRE(later->size() == 1);
  CHECK((*later)[0].attempts == 1);
  CHECK(messages.due(now(), 9)->empty());
  for (unsigned i = 1; i < Outbox::kMaxAttempts; ++i) {
    const auto waiting = messages.due(now() + std::chrono::hours(13), 9);
    REQUIRE(waiting->size() == 1);
    CHECK((*waiting)[0].attempts == i);
    REQUIRE(
        Database::open(folder.text() + "/tasks.db")->execute("UPDATE messages SET due = 0").ok());
    refuse_once();
  }
  CHECK(messages.due(now() + std::chrono::hours(100), 9)->empty());
  CHECK(metrics.text({}).find("{status=\"failed\"} 1") != std::string::npos);
}

TEST_CASE("a receiver that does not answer has one of its messages at a time") {
  const TemporaryFolder folder;
  TaskStore store = std::move(*TaskStore::open(folder.text()));
  MessageStore messages = std::move(*MessageStore::open(folder.text()));
  Metrics metrics;
  std::atomic<int> held{0};
  std::atomic<int> taken{0};
  std::atomic<bool> is_over{false};
  Outbox outbox(messages, metrics, [&](const OutgoingMessage& message) {
    if (message.channel == OutgoingMessage::Channel::Topic) {
      ++taken;
      return Sending::Delivered;
    }
    ++held;
    comes_true([&] { return is_over.load(); });
    return Sending::Interrupted;
  });
  REQUIRE(*store.add(running_task::entry("T-1"), "T-1", 100) == Added::New);
  TaskEnd end;
  end.time = now();
  for (int i = 0; i < 40; ++i) {
    end.messages.push_back({.channel = OutgoingMessage::Channel::Webhook,
                            .target = "http://dead/" + std::to_string(i)});
  }
  end.messages.push_back({.target = "t"});
  REQUIRE(store.finish((*store.claim())->number, end).ok());
  outbox.start();
  CHECK(comes_true([&] { return taken == 1; }));
  CHECK(held == 1);
  is_over = true;
  outbox.stop();
  // An attempt that the end of the service interrupted is none.
  const auto waiting = *messages.due(now(), 100);
  CHECK(waiting.size() == 40);
  for (const OutgoingMessage& message : waiting) CHECK(message.attempts == 0);
}

TEST_CASE("a failure delays what else goes to the target, and nothing else") {
  const TemporaryFolder folder;
  TaskStore store = std::move(*TaskStore::open(folder.text()));
  MessageStore messages = std::move(*MessageStore::open(folder.text()));
  add_messages(store, "T-1", 2);
  add_messages(store, "T-2", 2);
  const auto all = *messages.due(now(), 9);
  REQUIRE(all.size() == 4);
  const Moment later = now() + std::chrono::minutes(1);
  REQUIRE(messages.delay(all[0], later + Moment(1), later).ok());
  CHECK(messages.due(now(), 9)->size() == 2);
  CHECK(messages.due(now(), 9)->front().target == "1");
  const auto delayed = *messages.due(later, 9, {receiver_of(all[1])});
  REQUIRE(delayed.size() == 1);
  CHECK(delayed[0].attempts == 0);
}

TEST_CASE("what the store does not take is settled later, and not sent again") {
  const TemporaryFolder folder;
  TaskStore store = std::move(*TaskStore::open(folder.text()));
  MessageStore messages = std::move(*MessageStore::open(folder.text()));
  Database database = std::move(*Database::open(folder.text() + "/tasks.db"));
  Metrics metrics;
  std::atomic<int> sent{0};
  add_messages(store, "T-1", 1);
  REQUIRE(database
              .execute("CREATE TRIGGER full BEFORE DELETE ON messages "
                       "BEGIN SELECT raise(ABORT, 'full'); END")
              .ok());
  Outbox outbox(messages, metrics, [&](const OutgoingMessage&) {
    ++sent;
    return Sending::Delivered;
  });
  outbox.start();
  CHECK(comes_true([&] { return sent == 1; }));
  outbox.wake();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  REQUIRE(database.execute("DROP TRIGGER full").ok());
  outbox.wake();
  CHECK(comes_true([&] { return messages.due(now(), 9)->empty(); }));
  outbox.stop();
  CHECK(sent == 1);
}

TEST_CASE("receivers") {
  using Channel = OutgoingMessage::Channel;
  CHECK(receiver_of({.target = "t"}) == "topic t");
  CHECK(receiver_of({.channel = Channel::Webhook, .target = "http://h:1/a?b"}) == "http://h:1");
  CHECK(receiver_of({.channel = Channel::Webhook, .target = "http://h?b"}) == "http://h");
}
