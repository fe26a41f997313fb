// SPDX-License-Identifier: LGPL-2.1-or-later
// Messages that are still to be sent, in the database of the tasks.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/task_result.h"
#include "gst/tools/server/sqlite.h"

namespace anim::server {

/// A message at the end of a task, to one channel.
struct OutgoingMessage {
  enum class Channel { Topic = 0, Webhook = 1 };
  std::int64_t id = 0;  ///< in the store
  Channel channel = Channel::Topic;
  std::string target = {};  ///< the topic's name or the webhook's URL
  std::string name = {};    ///< of its file in a topic that is a folder
  std::string json = {};
  unsigned attempts = 0;  ///< rounds that failed
};

/// Who takes a message: a topic, or the host of a webhook.
[[nodiscard]] std::string receiver_of(const OutgoingMessage& message);

/// Keeps a message of the task `number`, which is due at `due`, in the transaction that is open.
[[nodiscard]] Status insert_message(Database& database, std::int64_t number,
                                    const OutgoingMessage& message, Moment due);

/// One connection. Thread-safe.
class MessageStore {
 public:
  [[nodiscard]] static Result<MessageStore> open(const std::string& folder);

  /// At most `most` messages that are due, to none of the receivers `busy`.
  [[nodiscard]] Result<std::vector<OutgoingMessage>> due(Moment now, std::int64_t most,
                                                         const std::set<std::string>& busy = {});
  [[nodiscard]] Status drop(std::int64_t id);
  /// Counts an attempt that failed: `message` is due again at `due`, all others to its target at
  /// `others` at the earliest.
  [[nodiscard]] Status delay(const OutgoingMessage& message, Moment due, Moment others);

 private:
  explicit MessageStore(Database database) : database_(std::move(database)) {}

  Database database_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();  // guards the connection
};

}  // namespace anim::server
