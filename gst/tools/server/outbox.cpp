// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/outbox.h"

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
constexpr std::chrono::seconds kLookEvery(5);
constexpr std::array<Moment, Outbox::kMaxAttempts - 1> kDelays = {minutes(1), minutes(5),
                                                                  minutes(30), hours(2), hours(12)};

}  // namespace

Outbox::Outbox(MessageStore& store, Metrics& metrics, Send send)
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

// A message that is due, to a receiver that is busy from then on.
std::optional<OutgoingMessage> Outbox::next() {
  const std::lock_guard lock(mutex_);
  if (is_stopped_ || !settle()) return {};
  auto messages = store_.due(now(), 1, busy_);
  if (!messages) {
    log(LogLevel::Error, "store-failed", {{"message", messages.error().message}});
    return {};
  }
  if (messages->empty()) return {};
  busy_.insert(receiver_of(messages->front()));
  return std::move(messages->front());
}

void Outbox::deliver(const OutgoingMessage& message) {
  const Sending sending = send_(message);
  const std::lock_guard lock(mutex_);
  if (sending == Sending::Interrupted) {
    is_stopped_ = true;  // or it would be begun again
    return;
  }
  unsettled_.push_back({message, sending == Sending::Delivered});
  (void)settle();
}

// What the store does not take stays for later, and nothing is sent meanwhile: it could not be
// written down either, and would be sent over and over.
bool Outbox::settle() {
  while (!unsettled_.empty()) {
    const Sent& sent = unsettled_.back();
    if (const Status status = settle(sent); !status) {
      log(LogLevel::Error, "store-failed", {{"message", status.error().message}});
      return false;
    }
    busy_.erase(receiver_of(sent.message));
    unsettled_.pop_back();
  }
  return true;
}

Status Outbox::settle(const Sent& sent) {
  const OutgoingMessage& message = sent.message;
  if (!sent.is_delivered && message.attempts + 1 < kMaxAttempts) {
    return store_.delay(message, now() + kDelays.at(message.attempts), now() + kDelays.front());
  }
  if (Status status = store_.drop(message.id); !status) return status;
  metrics_.count_message(sent.is_delivered);
  if (!sent.is_delivered) {
    log(LogLevel::Error, "message-given-up", {{"message", message.name}});
  }
  return success();
}

}  // namespace anim::server
