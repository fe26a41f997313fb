// SPDX-License-Identifier: LGPL-2.1-or-later
// Start codes in all places, and units without.
#include <doctest/doctest.h>

#include "gst/core/start_code.h"
#include "tests/core/unit_bytes.h"

namespace {

using anim::Bytes;
using anim::find_start_code;
using anim::split_sections;
using anim::test::hex;

TEST_CASE("a prefix is found wherever it lies") {
  for (std::size_t before = 0; before < 7; ++before) {
    for (const std::uint8_t filling : {0, 1, 2, 255}) {
      CAPTURE(before);
      CAPTURE(filling);
      Bytes bytes(before, filling);
      bytes.insert(bytes.end(), {0, 0, 1, 7});
      CHECK(find_start_code(bytes, 0) == before);
      CHECK(find_start_code(bytes, before) == before);
      CHECK(find_start_code(bytes, before + 1) == bytes.size());
    }
  }
}

TEST_CASE("a unit without a whole prefix") {
  CHECK(find_start_code({}, 0) == 0);
  CHECK(find_start_code(hex("00 00"), 0) == 2);
  CHECK(find_start_code(hex("00 00 02 00 01 00 00"), 0) == 7);
}

TEST_CASE("sections lie between start codes") {
  const Bytes unit = hex("00 000001B3 1122 000001B8 000001 00 33");
  const auto sections = split_sections(unit);
  REQUIRE(sections);
  REQUIRE(sections->size() == 3);
  const auto& first = sections->at(0);
  CHECK(first.code == 0xB3);
  CHECK(first.offset == 1);
  CHECK(Bytes(first.body.begin(), first.body.end()) == hex("1122"));
  CHECK(sections->at(1).code == 0xB8);
  CHECK(sections->at(1).body.empty());
  CHECK(sections->at(2).code == 0);
  CHECK(sections->at(2).offset == 11);
}

TEST_CASE("what is no sequence of sections") {
  CHECK_FALSE(split_sections({}));
  CHECK_FALSE(split_sections(hex("00 00")));
  CHECK_FALSE(split_sections(hex("12 000001B3 11")));
  CHECK_FALSE(split_sections(hex("000001B3 11 000001")));
}

}  // namespace
