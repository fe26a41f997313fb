// SPDX-License-Identifier: LGPL-2.1-or-later
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "gst/tools/server/unique_id.h"

using anim::server::uuid;

TEST_CASE("every UUID is another one, of version 4") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = uuid();
    CHECK(seen.insert(text).second);
    REQUIRE(text.size() == 36);
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) CHECK(text[dash] == '-');
    CHECK(text[14] == '4');
    CHECK(std::string("89ab").find(text[19]) != std::string::npos);
    CHECK(text.find_first_not_of("0123456789abcdef-") == std::string::npos);
  }
}
