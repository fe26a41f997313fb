// SPDX-License-Identifier: LGPL-2.1-or-later
// Sends the messages at the ends of tasks, until they are taken or it makes no sense any more.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "gst/tools/server/metrics.h"
#include "gst/tools/server/task_store.h"

namespace anim::server {

/// Some threads, so that a receiver that does not answer holds up no other.
class Outbox {
 public:
  /// Sends one message; false when it did not arrive. Of several threads at once.
  using Send = std::function<bool(const OutgoingMessage&)>;

  /// A message is sent again 1, 5, 30 minutes and 2, 12 hours after it failed; then it is given up.
  static constexpr unsigned kMaxAttempts = 6;

  /// The store and the metrics outlive this.
  Outbox(TaskStore& store, Metrics& metrics, Send send);
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox();

  void start();
  /// There may be new messages.
  void wake();
  /// Waits for messages that are being sent; those that are due stay in the store.
  void stop();

 private:
  void work();
  [[nodiscard]] std::optional<OutgoingMessage> next();
  void deliver(const OutgoingMessage& message);

  TaskStore& store_;
  Metrics& metrics_;
  Send send_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool is_stopped_ = false;
  std::uint64_t rings_ = 0;      ///< how often it was woken
  std::set<std::int64_t> busy_;  ///< messages that are being sent
  std::vector<std::thread> threads_;
};

}  // namespace anim::server
