// SPDX-License-Identifier: LGPL-2.1-or-later
// Sends the messages at the ends of tasks, until they are taken or it makes no sense any more.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gst/tools/server/message_store.h"
#include "gst/tools/server/metrics.h"

namespace anim::server {

/// What became of a message that was sent.
enum class Sending {
  Delivered,
  Failed,
  Interrupted,  ///< by the end of the service: as if it had not been sent
};

/// Some threads. A receiver has one message at a time, so that one that does not answer holds up no
/// other.
class Outbox {
 public:
  /// Sends one message. Of several threads at once.
  using Send = std::function<Sending(const OutgoingMessage&)>;

  /// A message is sent again 1, 5, 30 minutes and 2, 12 hours after it failed; then it is given up.
  static constexpr unsigned kMaxAttempts = 6;

  /// The store and the metrics outlive this.
  Outbox(MessageStore& store, Metrics& metrics, Send send);
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
  /// A message that was sent, whose row in the store says otherwise.
  struct Sent {
    OutgoingMessage message;
    bool is_delivered = false;
  };

  [[nodiscard]] std::optional<OutgoingMessage> next();
  void deliver(const OutgoingMessage& message);
  [[nodiscard]] bool settle();
  [[nodiscard]] Status settle(const Sent& sent);

  MessageStore& store_;
  Metrics& metrics_;
  Send send_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool is_stopped_ = false;
  std::uint64_t rings_ = 0;     ///< how often it was woken
  std::set<std::string> busy_;  ///< receivers of messages that are sent or unsettled
  std::vector<Sent> unsettled_;
  std::vector<std::thread> threads_;
};

}  // namespace anim::server
