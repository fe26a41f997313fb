// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/tools/server/clock.h"

using namespace anim;
using namespace anim::server;

TEST_CASE("now is after this was written") {
  CHECK(iso_time(now()) > "2026-01-01");
}
