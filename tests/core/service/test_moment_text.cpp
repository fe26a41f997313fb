// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/service/moment_text.h"

using namespace anim;
using anim::service::parse_moment;

TEST_CASE("moments of RFC 3339") {
  constexpr Moment kMoment(1724137387000);
  CHECK(parse_moment("2024-08-20T07:03:07Z") == kMoment);
  CHECK(parse_moment("2024-08-20T15:03:07+08:00") == kMoment);
  CHECK(parse_moment("2024-08-20T05:33:07-01:30") == kMoment);
  CHECK(parse_moment("2024-08-20T07:03:07.36Z") == kMoment + Moment(360));
  CHECK(parse_moment("2024-08-20T07:03:07.662060377Z") == kMoment + Moment(662));
  CHECK(parse_moment("1970-01-01T00:00:00Z") == Moment(0));
  CHECK(parse_moment("2024-02-29T23:59:60Z").has_value());
  CHECK(iso_time(*parse_moment("2023-03-01T00:00:00.000Z")) == "2023-03-01T00:00:00.000Z");
}

TEST_CASE("what is none") {
  for (const char* text :
       {"", "2024-08-20", "2024-08-20 07:03:07Z", "2024-08-20T07:03:07", "2024-08-20T07:03:07z",
        "2024-08-20T07:03:07.Z", "2024-13-20T07:03:07Z", "2023-02-29T00:00:00Z",
        "2024-08-20T24:00:00Z", "2024-08-20T07:60:07Z", "2024-08-20T07:03:61Z",
        "2024-08-20T07:03:07Zx", "2024-08-20T07:03:07+0800", "-024-08-20T07:03:07Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_moment(text));
  }
}
