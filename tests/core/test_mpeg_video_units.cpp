// SPDX-License-Identifier: LGPL-2.1-or-later
// Coded pictures of MPEG-1 and MPEG-2 written by hand, and a few that libavcodec made.
#include <doctest/doctest.h>

#include "gst/core/mpeg_video_units.h"
#include "tests/core/bit_writer.h"
#include "tests/core/unit_bytes.h"

namespace {

using anim::Bytes;
using anim::Entry;
using anim::make_mpeg_video_rules;
using anim::UnitRole;
using anim::UnitRules;
using anim::test::BitWriter;
using anim::test::hex;
using anim::test::joined;

constexpr unsigned kI = 1;
constexpr unsigned kP = 2;
constexpr unsigned kB = 3;
constexpr unsigned kTop = 1;
constexpr unsigned kBottom = 2;
constexpr unsigned kFrame = 3;

const Bytes kSequence = hex("000001B3 01001013FFFFE018 000001B5 148A00010000 000001B2 4142");
const Bytes kOpenGroup = hex("000001B8 00080000");
const Bytes kClosedGroup = hex("000001B8 00080040");
const Bytes kSlice = hex("00000101 13F87D29");
const Bytes kMatrices = hex("000001B5 30");

Bytes mpeg1(unsigned type) {
  BitWriter out;
  out.bits(0x00000100, 32);
  out.bits(5, 10);
  out.bits(type, 3);
  out.bits(0xFFFF, 16);
  return joined({out.bytes(), kSlice});
}

Bytes mpeg2(unsigned type, unsigned structure) {
  BitWriter out;
  out.bits(0x00000100, 32);
  out.bits(5, 10);
  out.bits(type, 3);
  out.bits(0xFFFF, 19);
  out.bits(0x000001B5, 32);
  out.bits(8, 4);
  out.bits(0x1234, 16);
  out.bits(0, 2);
  out.bits(structure, 2);
  out.bits(0, 16);
  return joined({out.bytes(), kSlice, kSlice});
}

UnitRole role_of(UnitRules& rules, const Bytes& unit) {
  const auto role = rules.read(unit);
  REQUIRE(role);
  return *role;
}

/// Rules that have read a sequence header and a frame.
std::unique_ptr<UnitRules> begun() {
  auto rules = make_mpeg_video_rules();
  REQUIRE(rules->read(joined({kSequence, kOpenGroup, mpeg2(kI, kFrame)})));
  return rules;
}

TEST_CASE("I, P and B pictures") {
  auto rules = make_mpeg_video_rules();
  const Bytes unit = joined({kSequence, kOpenGroup, mpeg1(kI)});
  const UnitRole first = role_of(*rules, unit);
  CHECK(first.entry == Entry::Open);
  CHECK(first.is_reference);
  CHECK(first.is_shown);
  REQUIRE(first.headers.size() == 1);
  CHECK(Bytes(first.headers[0].begin(), first.headers[0].end()) == kSequence);
  const UnitRole p = role_of(*rules, mpeg1(kP));
  CHECK(p.entry == Entry::None);
  CHECK(p.is_reference);
  CHECK(p.headers.empty());
  const UnitRole b = role_of(*rules, mpeg1(kB));
  CHECK(b.entry == Entry::None);
  CHECK_FALSE(b.is_reference);
  CHECK(b.is_shown);
}

TEST_CASE("a GOP header says whether the entry is closed") {
  auto rules = begun();
  CHECK(role_of(*rules, joined({kClosedGroup, mpeg2(kI, kFrame)})).entry == Entry::Closed);
  CHECK(role_of(*rules, joined({kOpenGroup, mpeg2(kI, kFrame)})).entry == Entry::Open);
  CHECK(role_of(*rules, mpeg2(kI, kFrame)).entry == Entry::Open);
  CHECK(role_of(*rules, joined({kClosedGroup, mpeg2(kP, kFrame)})).entry == Entry::None);
}

TEST_CASE("no entry before a sequence header, nor before the next one after a restart") {
  auto rules = make_mpeg_video_rules();
  CHECK(role_of(*rules, mpeg2(kI, kFrame)).entry == Entry::None);
  CHECK_FALSE(role_of(*rules, mpeg2(kB, kFrame)).is_reference);
  rules = begun();
  rules->restart();
  CHECK(role_of(*rules, mpeg2(kI, kFrame)).entry == Entry::None);
  CHECK(role_of(*rules, joined({kSequence, mpeg2(kI, kFrame)})).entry == Entry::Open);
}

TEST_CASE("quantiser matrices last until the next sequence header") {
  auto rules = begun();
  const Bytes intra = mpeg2(kI, kFrame);
  CHECK(role_of(*rules, joined({intra, kMatrices})).entry == Entry::Open);
  CHECK(role_of(*rules, intra).entry == Entry::None);
  CHECK(role_of(*rules, joined({kSequence, intra})).entry == Entry::Open);
  CHECK(role_of(*rules, intra).entry == Entry::Open);
  CHECK(role_of(*rules, joined({mpeg2(kB, kFrame), kMatrices})).is_reference);
  CHECK(role_of(*rules, intra).entry == Entry::None);
}

TEST_CASE("the second field goes with the first") {
  auto rules = begun();
  const unsigned pairs[][2] = {{kI, kP}, {kI, kI}, {kP, kP}, {kB, kB}};
  for (const auto& pair : pairs) {
    const UnitRole first = role_of(*rules, mpeg2(pair[0], kTop));
    CHECK_FALSE(first.continues_picture);
    CHECK(first.entry == (pair[0] == kI ? Entry::Open : Entry::None));
    const UnitRole second = role_of(*rules, mpeg2(pair[1], kBottom));
    CHECK(second.continues_picture);
    CHECK(second.entry == Entry::None);
    CHECK(second.is_reference == (pair[1] != kB));
  }
}

TEST_CASE("both fields in one unit are a whole picture") {
  auto rules = begun();
  const Bytes unit = joined({kClosedGroup, mpeg2(kI, kBottom), mpeg2(kP, kTop)});
  const UnitRole role = role_of(*rules, unit);
  CHECK(role.entry == Entry::Closed);
  CHECK_FALSE(role.continues_picture);
  CHECK_FALSE(role_of(*rules, mpeg2(kP, kTop)).continues_picture);
}

TEST_CASE("fields without their other") {
  const Bytes others[] = {mpeg2(kP, kTop), mpeg2(kB, kBottom), mpeg2(kP, kFrame), mpeg1(kP),
                          joined({mpeg2(kP, kTop), mpeg2(kP, kBottom)})};
  for (const Bytes& other : others) {
    auto rules = begun();
    REQUIRE(rules->read(mpeg2(kP, kTop)));
    CHECK_FALSE(rules->read(other));
    CHECK_FALSE(begun()->read(joined({mpeg2(kP, kTop), other})));
  }
}

TEST_CASE("a restart forgets a first field") {
  auto rules = begun();
  REQUIRE(rules->read(mpeg2(kP, kTop)));
  rules->restart();
  CHECK_FALSE(role_of(*rules, mpeg2(kP, kBottom)).continues_picture);
}

TEST_CASE("a unit without a picture may be what later ones depend on") {
  auto rules = begun();
  const UnitRole role = role_of(*rules, kSequence);
  CHECK(role.is_reference);
  CHECK_FALSE(role.is_shown);
  CHECK(role.headers.size() == 1);
  CHECK(role_of(*rules, hex("000001B7")).headers.empty());
}

TEST_CASE("what the rule does not cover") {
  const auto is_refused = [](const Bytes& unit) { return !begun()->read(unit); };
  CHECK(is_refused({}));
  CHECK(is_refused(hex("11 000001B3")));
  CHECK(is_refused(hex("00000100 00")));  // a picture header cut off
  CHECK(is_refused(hex("000001B8 00")));  // a GOP header cut off
  CHECK(is_refused(mpeg1(0)));
  CHECK(is_refused(mpeg1(4)));  // a D picture
  CHECK(is_refused(mpeg2(kI, 0)));
  for (const char* extension : {"000001B5 50", "000001B5 90", "000001B5 A0"}) {  // scalable
    CHECK(is_refused(joined({hex(extension), mpeg2(kI, kFrame)})));
  }
  CHECK(is_refused(hex("000001B5 8FFFF3")));  // of no picture
  CHECK(is_refused(joined({mpeg2(kP, kTop), mpeg2(kP, kBottom), mpeg2(kP, kTop)})));
}

TEST_CASE("units of libavcodec's mpeg2video (one B frame)") {
  auto rules = make_mpeg_video_rules();
  const UnitRole first = role_of(*rules, hex("000001B301001013FFFFE018000001B5148A00010000"
                                             "000001B800080040 00000100000FFFF8"
                                             "000001B58FFFF34180 0000010113F87D294888"));
  CHECK(first.entry == Entry::Closed);
  REQUIRE(first.headers.size() == 1);
  CHECK(first.headers[0].size() == 22);
  CHECK(role_of(*rules, hex("000001000097FFFB80 000001B5811FF34180 000001011270")).is_reference);
  CHECK_FALSE(
      role_of(*rules, hex("00000100005FFFFBB8 000001B58111134180 000001011B78")).is_reference);
}

}  // namespace
