// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/service/access_keys.h"

using namespace anim::service;

TEST_CASE("one key a line") {
  const auto keys =
      AccessKeys::parse("# who\n\nid1 secret1\r\n\t id2   sec=ret/2+ \n#id3 x\nid4 y");
  REQUIRE(keys);
  CHECK(keys->size() == 3);
  REQUIRE(keys->secret_of("id2") != nullptr);
  CHECK(*keys->secret_of("id1") == "secret1");
  CHECK(*keys->secret_of("id2") == "sec=ret/2+");
  CHECK(keys->secret_of("id3") == nullptr);
  CHECK(keys->secret_of("") == nullptr);
}

TEST_CASE("a refusal names the line and shows no secret") {
  const auto why = [](const char* text) { return AccessKeys::parse(text).error().message; };
  CHECK(why("") == "it holds no key");
  CHECK(why("id secret\nhunter2") == "line 2 is not an AccessKeyId and an AccessKeySecret");
  CHECK(why("id hunter2 more") == "line 1 is not an AccessKeyId and an AccessKeySecret");
  CHECK(why("id a\nid b") == "line 2 has an AccessKeyId that was given before");
  CHECK(why("a,b hunter2") == "line 1 has an AccessKeyId with one of , ; = /");
}
