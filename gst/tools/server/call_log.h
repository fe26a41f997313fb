// SPDX-License-Identifier: LGPL-2.1-or-later
// What every call has: an id of its own, a line of the log, and its place in the metrics.
#pragma once

#include <string>

#include "gst/tools/server/http_message.h"
#include "gst/tools/server/metrics.h"

namespace anim::server {

/// A random UUID in capital letters, as the service writes these.
[[nodiscard]] std::string new_request_id();

/// The response, which is logged and counted: now, or when it is made. The metrics outlive it.
[[nodiscard]] ServerResponse noted(ServerResponse response, std::string action,
                                   std::string request_id, Metrics& metrics);

}  // namespace anim::server
