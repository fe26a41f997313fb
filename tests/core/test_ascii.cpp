// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/core/ascii.h"

TEST_CASE("letters A to Z become small, nothing else changes") {
  CHECK(anim::lower_case("Content-MD5 @[`{ \xC3\x84").compare("content-md5 @[`{ \xC3\x84") == 0);
  CHECK(anim::lower_case("").empty());
}
