// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/store/retry.h"

#include <algorithm>

namespace anim {

bool is_transient(long status) {
  if (status == 501 || status == 505) return false;
  return status == 408 || status == 429 || (status >= 500 && status <= 599);
}

std::optional<std::chrono::milliseconds> RetryPolicy::delay_after(unsigned attempt, RequestEnd end,
                                                                  long status,
                                                                  double random) const {
  if (attempt >= attempts || end == RequestEnd::Refused) return {};
  if (end == RequestEnd::Answered && !is_transient(status)) return {};
  auto delay = first;
  for (unsigned i = 1; i < attempt && delay < longest; ++i) delay *= 2;
  const auto half = std::min(delay, longest) / 2;
  return half + std::chrono::milliseconds(
                    static_cast<std::chrono::milliseconds::rep>(random * half.count()));
}

}  // namespace anim
