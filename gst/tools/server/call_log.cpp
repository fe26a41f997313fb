// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/call_log.h"

#include <utility>

#include "gst/tools/server/log.h"
#include "gst/tools/server/unique_id.h"

namespace anim::server {

std::string new_request_id() {
  std::string out = uuid();
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

ServerResponse noted(ServerResponse response, std::string action, std::string request_id,
                     Metrics& metrics) {
  if (response.later) {
    return {.later = [make = std::move(response.later), action = std::move(action),
                      id = std::move(request_id), &metrics](
                         const Turn& turn) { return noted(make(turn), action, id, metrics); },
            .wait = response.wait};
  }
  metrics.count_call(action, response.status);
  log(response.status < 400 ? LogLevel::Info : LogLevel::Warning, "call",
      {{"request", request_id}, {"action", action}, {"status", response.status}});
  return response;
}

}  // namespace anim::server
