// SPDX-License-Identifier: LGPL-2.1-or-later
// Sending the message at the end of a task: to a topic, which is a folder or one of MNS, and to a
// webhook.
#pragma once

#include <string>

#include "gst/core/task_result.h"
#include "plugins/animtask/net/stores.h"

namespace anim {

/// What is to be told.
struct Telling {
  std::string name;    ///< a file name without extension, of this message alone
  std::string json;    ///< the message
  bool hurry = false;  ///< somebody waits: one attempt, and not for long
};

/// Tells the topic. Its service is asked up to three times, each at most 8 s.
[[nodiscard]] Delivery tell_topic(const std::string& topic, const std::string& storage_root,
                                  const Telling& telling, const Stores& stores);

/// Tells the webhook: a POST of the JSON, up to three times, each at most 8 s. Redirects are not
/// followed; any 2xx is a delivery.
[[nodiscard]] Delivery tell_webhook(const std::string& url, const Telling& telling,
                                    const Stores& stores);

}  // namespace anim
