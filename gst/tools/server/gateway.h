// SPDX-License-Identifier: LGPL-2.1-or-later
// Which part of the service a request is for: the page, an object of a bucket, or a call.
#pragma once

#include <string>
#include <utility>

#include "gst/tools/server/metrics.h"
#include "gst/tools/server/object_calls.h"
#include "gst/tools/server/service.h"

namespace anim::server {

/// Thread-safe.
class Gateway {
 public:
  /// The service and the metrics outlive this.
  Gateway(ObjectSettings settings, const service::AccessKeys& keys, Service& service,
          Metrics& metrics)
      : objects_(std::move(settings), keys), service_(service), metrics_(metrics) {}

  [[nodiscard]] ServerResponse handle(const ServerRequest& request);
  /// What becomes of a request's body: that of a PUT goes into a file.
  [[nodiscard]] BodyPlan plan_body(const service::HttpHead& head);

 private:
  ObjectCalls objects_;
  Service& service_;
  Metrics& metrics_;
};

}  // namespace anim::server
