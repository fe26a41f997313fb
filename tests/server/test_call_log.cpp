// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/tools/server/call_log.h"

using namespace anim::server;

TEST_CASE("ids are UUIDs in capital letters") {
  const std::string id = new_request_id();
  CHECK(id.size() == 36);
  CHECK(id.find_first_not_of("0123456789ABCDEF-") == std::string::npos);
  CHECK(new_request_id() != id);
}

TEST_CASE("an answer goes through as it is, also one that is made later") {
  CHECK(logged({.status = 404, .body = "a"}, "GetTask", "R").body == "a");
  const ServerResponse later =
      logged({.later = [] { return ServerResponse{.status = 201, .body = "b"}; }}, "GetTask", "R");
  REQUIRE(later.later);
  CHECK(later.later().status == 201);
  CHECK(later.later().body == "b");
}
