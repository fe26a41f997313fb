// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/tools/server/listen_address.h"

using namespace anim::server;

TEST_CASE("addresses and ports") {
  const auto v4 = parse_listen_address("127.0.0.1:8080");
  REQUIRE(v4.ok());
  CHECK(v4->host == "127.0.0.1");
  CHECK(v4->port == 8080);
  CHECK(socket_address(*v4)->storage.ss_family == AF_INET);
  const auto v6 = parse_listen_address("[::1]:0");
  REQUIRE(v6.ok());
  CHECK(v6->host == "::1");
  CHECK(socket_address(*v6)->storage.ss_family == AF_INET6);
  for (const char* text : {"", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_listen_address(text).ok());
  }
  CHECK_FALSE(socket_address({"localhost", 80}));
}
