// SPDX-License-Identifier: LGPL-2.1-or-later
// POST /bucket/key?x-oss-async-process: the object store's way to ask for an animation.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "gst/core/service/access_keys.h"
#include "gst/core/service/oss_authenticator.h"
#include "gst/tools/server/http_message.h"
#include "gst/tools/server/task_intake.h"

namespace anim::server {

/// Whether a request is such a call: its query names x-oss-async-process.
[[nodiscard]] bool is_bucket_call(const service::HttpHead& head);

/// Thread-safe.
class BucketCalls {
 public:
  /// Tasks belong to `project`; without one no call is taken. The intake outlives this.
  BucketCalls(service::AccessKeys keys, std::optional<std::string> project, TaskIntake& intake)
      : keys_(std::move(keys)), project_(std::move(project)), intake_(intake) {}

  /// The answer: JSON with the ids of the task, or the store's error in XML.
  [[nodiscard]] ServerResponse handle(const ServerRequest& request, const std::string& request_id);

 private:
  using Reply = std::variant<service::TaskEntry, service::ApiError>;
  [[nodiscard]] Reply reply(const ServerRequest& request, const std::string& request_id);

  const service::AccessKeys keys_;
  const std::optional<std::string> project_;
  TaskIntake& intake_;
};

}  // namespace anim::server
