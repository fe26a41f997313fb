// SPDX-License-Identifier: LGPL-2.1-or-later
// The framings of NAL units, whole and broken, and what is read inside of them.
#include <doctest/doctest.h>

#include "gst/core/nal.h"
#include "tests/core/unit_bytes.h"

namespace {

using anim::Bytes;
using anim::kByteStream;
using anim::split_nal_units;
using anim::unescaped;
using anim::test::hex;

Bytes copy(std::span<const std::uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST_CASE("a byte stream: zeros belong to the start code that follows them") {
  const Bytes unit = hex("00 000001 09F0 000001 6742 00 00000001 6801 0000");
  const auto units = split_nal_units(unit, kByteStream);
  REQUIRE(units);
  REQUIRE(units->size() == 3);
  CHECK(copy(units->at(0).payload) == hex("09F0"));
  CHECK(copy(units->at(0).framed) == hex("00 000001 09F0"));
  CHECK(copy(units->at(1).framed) == hex("000001 6742"));
  CHECK(copy(units->at(2).payload) == hex("6801"));
  CHECK(copy(units->at(2).framed) == hex("00 00000001 6801"));
}

TEST_CASE("lengths of all sizes") {
  for (const std::size_t size : {1U, 2U, 4U}) {
    CAPTURE(size);
    Bytes unit;
    for (const Bytes& payload : {hex("6742"), hex("68010203")}) {
      unit.insert(unit.end(), size - 1, 0);
      unit.push_back(static_cast<std::uint8_t>(payload.size()));
      unit.insert(unit.end(), payload.begin(), payload.end());
    }
    const auto units = split_nal_units(unit, size);
    REQUIRE(units);
    REQUIRE(units->size() == 2);
    CHECK(copy(units->at(0).payload) == hex("6742"));
    CHECK(units->at(1).framed.size() == size + 4);
    CHECK(copy(units->at(1).payload) == hex("68010203"));
  }
  const auto large = split_nal_units(Bytes(2 + 0x0101, 1), 2);
  REQUIRE(large);
  CHECK(large->at(0).payload.size() == 0x0101);
}

TEST_CASE("broken framing gives nothing") {
  for (const char* unit : {"", "0000", "6742", "11 000001 67", "000001", "000001 000001 67"}) {
    CAPTURE(unit);
    CHECK_FALSE(split_nal_units(hex(unit), kByteStream));
  }
  for (const char* unit : {"", "0000", "00000000", "00000003 6742", "00000001 67 00"}) {
    CAPTURE(unit);
    CHECK_FALSE(split_nal_units(hex(unit), 4));
  }
}

TEST_CASE("emulation prevention bytes") {
  CHECK(unescaped(hex("11 000003 01 000003 000003 00")) == hex("11 0000 01 0000 0000 00"));
  CHECK(unescaped(hex("0003 000004 000003")) == hex("0003 000004 0000"));
  CHECK(unescaped(hex("000003 0102"), 3) == hex("000001"));
  CHECK(unescaped(hex("0102"), 0).empty());
}

TEST_CASE("the messages of an SEI") {
  Bytes bytes = hex("06 02 AABB FF01 FF00");
  bytes.insert(bytes.end(), 255, 7);
  bytes.push_back(0x80);
  const auto messages = anim::read_sei(bytes);
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].type == 6);
  CHECK(copy(messages[0].payload) == hex("AABB"));
  CHECK(messages[1].type == 256);
  CHECK(messages[1].payload.size() == 255);
}

TEST_CASE("an SEI that ends within a message") {
  for (const char* bytes : {"", "80", "06", "FFFF", "06 FF", "06 03 AABB"}) {
    CAPTURE(bytes);
    CHECK(anim::read_sei(hex(bytes)).empty());
  }
}

TEST_CASE("parameter sets of a configuration record") {
  const Bytes bytes = hex("0002 6742 0003 68");
  std::span<const std::uint8_t> record = bytes;
  const auto set = anim::take_parameter_set(record);
  REQUIRE(set);
  CHECK(copy(*set) == hex("6742"));
  CHECK_FALSE(anim::take_parameter_set(record));
  const Bytes empty = hex("0000");
  record = empty;
  CHECK_FALSE(anim::take_parameter_set(record));
}

}  // namespace
