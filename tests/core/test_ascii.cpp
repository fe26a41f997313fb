// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/core/ascii.h"

TEST_CASE("letters A to Z become small, nothing else changes") {
  CHECK(anim::lower_case("Content-MD5 @[`{ \xC3\x84").compare("content-md5 @[`{ \xC3\x84") == 0);
  CHECK(anim::lower_case("").empty());
}

TEST_CASE("spaces and tabs around a text are no part of it") {
  CHECK(anim::trimmed(" \ta b\t ") == "a b");
  CHECK(anim::trimmed("\n").size() == 1);
  CHECK(anim::trimmed(" \t").empty());
  CHECK(anim::trimmed("").empty());
}

TEST_CASE("a text is split at each separator") {
  using Pieces = std::vector<std::string>;
  const bool is_split = anim::split("a;;b;", ';') == Pieces{"a", "", "b", ""};
  CHECK(is_split);
  const bool is_one = anim::split("", ';') == Pieces{""};
  CHECK(is_one);
}

TEST_CASE("a whole number is digits alone, and one of its type") {
  CHECK(anim::whole_number<unsigned>("42") == 42U);
  for (const char* text : {"", " 1", "1 ", "1x", "+1", "-1", "4294967296"}) {
    CHECK_FALSE(anim::whole_number<unsigned>(text));
  }
}
