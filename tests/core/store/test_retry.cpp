// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include <doctest/doctest.h>

#include "gst/core/store/retry.h"

using namespace anim;
using namespace std::chrono_literals;

TEST_CASE("what may pass is tried again, what will not is not") {
  for (const long status : {408L, 429L, 500L, 502L, 503L, 504L, 599L}) CHECK(is_transient(status));
  for (const long status : {0L, 200L, 302L, 400L, 403L, 404L, 501L, 505L, 600L}) {
    CHECK_FALSE(is_transient(status));
  }
}

TEST_CASE("delays double up to a bound, with a random part") {
  const RetryPolicy policy{.attempts = 7, .first = 500ms, .longest = 4s};
  const auto lowest = std::to_array({250ms, 500ms, 1000ms, 2000ms, 2000ms, 2000ms});
  for (unsigned attempt = 1; attempt <= lowest.size(); ++attempt) {
    CAPTURE(attempt);
    CHECK(policy.delay_after(attempt, RequestEnd::Answered, 500, 0) == lowest[attempt - 1]);
    const auto highest = policy.delay_after(attempt, RequestEnd::NoAnswer, 0, 0.999);
    REQUIRE(highest.has_value());
    CHECK(*highest > lowest[attempt - 1] + lowest[attempt - 1] / 2);
    CHECK(*highest < 2 * lowest[attempt - 1]);
  }
  CHECK_FALSE(policy.delay_after(7, RequestEnd::Answered, 500, 0).has_value());
}

TEST_CASE("an answer that will not change and a request that was stopped end it") {
  const RetryPolicy policy;
  CHECK_FALSE(policy.delay_after(1, RequestEnd::Answered, 403, 0).has_value());
  CHECK_FALSE(policy.delay_after(1, RequestEnd::Refused, 0, 0).has_value());
  CHECK(policy.delay_after(1, RequestEnd::NoAnswer, 0, 0).has_value());
}
