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

TEST_CASE("an answer goes through as it is and is counted, also one that is made later") {
  Metrics metrics;
  CHECK(noted({.status = 404, .body = "a"}, "GetTask", "R", metrics).body == "a");
  const ServerResponse later =
      noted({.later = [](const Turn&) { return ServerResponse{.status = 201, .body = "b"}; }},
            "PutObject", "R", metrics);
  REQUIRE(later.later);
  CHECK(noted({.later = later.later, .wait = Wait::Long}, "", "", metrics).wait == Wait::Long);
  CHECK(metrics.text({}).find("PutObject") == std::string::npos);
  CHECK(later.later({}).status == 201);
  const std::string text = metrics.text({});
  CHECK(text.find("{action=\"PutObject\",status=\"201\"} 1") != std::string::npos);
  CHECK(text.find("{action=\"GetTask\",status=\"404\"} 1") != std::string::npos);
}
