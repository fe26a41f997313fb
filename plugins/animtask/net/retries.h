// SPDX-License-Identifier: LGPL-2.1-or-later
// A request that is made again while that makes sense.
#pragma once

#include <functional>

#include "gst/core/store/retry.h"
#include "plugins/animtask/net/http.h"
#include "plugins/animtask/net/stop_signal.h"

namespace anim {

/// The last answer, and how many there were.
struct Tries {
  HttpAnswer answer;
  unsigned attempts = 0;
};

/// Makes the request that `make` gives (a new one each time, as signatures hold the time) until it
/// is answered for good, the policy has enough, or `stop`. `judge` may turn an answer that looks
/// good into none.
[[nodiscard]] Tries send_patiently(const std::function<HttpRequest()>& make,
                                   const RetryPolicy& policy, StopSignal& stop,
                                   const std::function<void(HttpAnswer&)>& judge = {});

}  // namespace anim
