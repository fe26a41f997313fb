// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/outbox.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "gst/tools/server/clock.h"
#include "gst/tools/server/log.h"

namespace anim::server {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t kThreads = 4;
constexpr std::int64_t kLook = 32;  // messages that are looked at, of which kThreads may be busy
constexpr std::chrono::seconds kLookEvery(5);
constexpr std::array<Moment, Outbox::kMaxAttempts - 1> kDelays = {minutes(1), minutes(5),
                                                                  minutes(30), hours(2), hours(12)};

}  // namespace

Outbox::Outbox(TaskStore& store, Metrics& metrics, Send send)
    : store_(store), metrics_(metrics), send_(std::move(send)) {}

Outbox::~Outbox() {
  stop();
}

void Outbox::start() {
  for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { work(); });
}

void Outbox::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++rings_;
  }
  changed_.notify_one();
}

void Outbox::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Outbox::work() {
  std::uint64_t seen = 0;
  while (true) {
    while (const auto message = next()) deliver(*message);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLookEvery, [&] { return is_stopped_ || rings_ != seen; });
    if (is_stopped_) return;
    seen = rings_;
  }
}

// A message that is due and that nobody sends; it is busy from then on.
std::optional<OutgoingMessage> Outbox::next() {
  const std::lock_guard lock(mutex_);
  if (is_stopped_) return {};
  const auto messages = store_.due_messages(now(), kLook);
  if (!messages) {
    log(LogLevel::Error, "store-failed", {{"message", messages.error().message}});
    return {};
  }
  const auto found = std::find_if(messages->begin(), messages->end(),
                                  [&](const auto& message) { return !busy_.contains(message.id); });
  if (found == messages->end()) return {};
  busy_.insert(found->id);
  return *found;
}

void Outbox::deliver(const OutgoingMessage& message) {
  const bool is_delivered = send_(message);
  const bool is_over = is_delivered || message.attempts + 1 >= kMaxAttempts;
  const Status status =
      is_over ? store_.drop_message(message.id)
              : store_.delay_message(message.id, now() + kDelays.at(message.attempts));
  if (!status) {
    // It stays busy, or it would be sent over and over.
    log(LogLevel::Error, "store-failed", {{"message", status.error().message}});
    return;
  }
  if (is_over) metrics_.count_message(is_delivered);
  if (is_over && !is_delivered) {
    log(LogLevel::Error, "message-given-up", {{"message", message.name}});
  }
  const std::lock_guard lock(mutex_);
  busy_.erase(message.id);
}

}  // namespace anim::server
