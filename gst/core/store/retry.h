// SPDX-License-Identifier: LGPL-2.1-or-later
// When a request that failed is made again, and after which time.
#pragma once

#include <chrono>
#include <optional>

namespace anim {

/// How a request ended.
enum class RequestEnd {
  Answered,  ///< there is a status
  NoAnswer,  ///< not reached, reset, timed out, cut off
  Refused,   ///< never sent, or stopped by us: making it again makes no sense
};

/// Exponential back-off: a delay is doubled each time up to a bound, and a part of it is random, so
/// that many clients do not come back at once.
struct RetryPolicy {
  unsigned attempts = 5;  ///< in all
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds longest{8000};

  /// How long to wait after attempt number `attempt` (from 1) that ended so; nothing when there is
  /// to be no other. `random` in [0, 1) chooses in the upper half of the delay.
  [[nodiscard]] std::optional<std::chrono::milliseconds> delay_after(unsigned attempt,
                                                                     RequestEnd end, long status,
                                                                     double random) const;
};

/// Whether a status says that the same request may be answered otherwise later: 408, 429, 5xx but
/// 501 and 505 (RFC 9110, 15.5 and 15.6; RFC 6585, 4).
[[nodiscard]] bool is_transient(long status);

}  // namespace anim
