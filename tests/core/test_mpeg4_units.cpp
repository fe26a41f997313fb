// SPDX-License-Identifier: LGPL-2.1-or-later
// Video object planes of MPEG-4 part 2 written by hand, and a few that libavcodec made.
#include <doctest/doctest.h>

#include "gst/core/mpeg4_units.h"
#include "tests/core/bit_writer.h"
#include "tests/core/unit_bytes.h"

namespace {

using anim::Bytes;
using anim::Entry;
using anim::make_mpeg4_rules;
using anim::UnitRole;
using anim::UnitRules;
using anim::test::BitWriter;
using anim::test::hex;
using anim::test::joined;

constexpr unsigned kI = 0;
constexpr unsigned kP = 1;
constexpr unsigned kB = 2;
constexpr unsigned kS = 3;

struct Layer {
  unsigned type = 1;
  unsigned version = 0;  ///< 0: not said
  bool has_extras = false;
  unsigned shape = 0;
  unsigned resolution = 30000;
  bool is_interlaced = false;
  unsigned sprite = 0;
  bool has_complexity = false;
  bool needs_upstream = false;
  bool has_reduced_pictures = false;
  bool is_scalable = false;
};

void put_matrix(BitWriter& out, int size) {
  out.flag(true);
  for (int i = 0; i < size; ++i) out.bits(8, 8);
  if (size < 64) out.bits(0, 8);
}

void put_tools(BitWriter& out, const Layer& given) {
  const bool is_first_version = given.version < 2;
  out.flag(given.has_extras);
  if (given.has_extras) out.bits(0x58, 8);
  out.flag(given.has_extras);
  if (given.has_extras) {
    put_matrix(out, 64);
    put_matrix(out, 7);
  }
  if (!is_first_version) out.flag(true);  // quarter_sample
  out.flag(!given.has_complexity);
  out.flag(true);
  out.flag(given.has_extras);  // data_partitioned
  if (given.has_extras) out.flag(false);
  if (!is_first_version) {
    out.flag(given.needs_upstream);
    out.flag(given.has_reduced_pictures);
  }
  out.flag(given.is_scalable);
}

/// Its start code and header.
Bytes layer(const Layer& given) {
  BitWriter out;
  out.bits(0x00000120, 32);
  out.flag(false);
  out.bits(given.type, 8);
  out.flag(given.version != 0);
  if (given.version != 0) out.bits(given.version << 3 | 1, 7);
  out.bits(given.has_extras ? 15 : 1, 4);
  if (given.has_extras) out.bits(0x0C0B, 16);
  out.flag(given.has_extras);  // vol_control_parameters
  if (given.has_extras) {
    out.bits(5, 4);  // 4:2:0, and there are vbv_parameters
    for (int i = 0; i < 79; ++i) out.flag(i % 3 == 0);
  }
  out.bits(given.shape, 2);
  out.flag(true);
  out.bits(given.resolution, 16);
  out.flag(true);
  out.flag(given.has_extras);  // fixed_vop_rate
  if (given.has_extras) out.bits(1001, 15);
  out.bits(0b1'0000101100000'1'0000100100000'1, 29);
  out.flag(given.is_interlaced);
  out.flag(true);
  out.bits(given.sprite, given.version < 2 ? 1 : 2);
  if (given.sprite == 2) out.bits(0b000011'10'0, 9);
  put_tools(out, given);
  return out.stopped();
}

struct Vop {
  unsigned type = kP;
  unsigned seconds = 0;
  unsigned time_bits = 15;
  bool is_coded = true;
};

Bytes vop(const Vop& given) {
  BitWriter out;
  out.bits(0x000001B6, 32);
  out.bits(given.type, 2);
  for (unsigned i = 0; i < given.seconds; ++i) out.flag(true);
  out.flag(false);
  out.flag(true);
  out.bits(0x2AAA, given.time_bits);
  out.flag(true);
  out.flag(given.is_coded);
  out.bits(0x71234, 20);
  return out.bytes();
}

UnitRole role_of(UnitRules& rules, const Bytes& unit) {
  const auto role = rules.read(unit);
  REQUIRE(role);
  return *role;
}

TEST_CASE("I, P, S and B VOPs") {
  auto rules = make_mpeg4_rules(layer({}));
  REQUIRE(rules);
  const UnitRole i = role_of(*rules, joined({hex("000001B3 001007"), vop({.type = kI})}));
  CHECK(i.entry == Entry::Open);
  CHECK(i.is_reference);
  CHECK(i.is_shown);
  CHECK(i.headers.empty());
  for (const unsigned type : {kP, kS, kB}) {
    const UnitRole role = role_of(*rules, vop({.type = type, .seconds = 3}));
    CHECK(role.entry == Entry::None);
    CHECK(role.is_reference == (type != kB));
  }
}

TEST_CASE("headers in the units") {
  auto rules = make_mpeg4_rules({});
  CHECK_FALSE(rules->read(vop({.type = kI})));
  const Bytes headers =
      joined({hex("000001B0 F1 000001B5 09 00000100"), layer({}), hex("000001B2 58766944")});
  const UnitRole alone = role_of(*rules, headers);
  CHECK(alone.is_reference);
  CHECK_FALSE(alone.is_shown);
  for (const Bytes& group : {hex("000001B3 001007"), Bytes()}) {
    const Bytes unit = joined({headers, group, vop({.type = kI})});
    const UnitRole role = role_of(*rules, unit);
    CHECK(role.entry == Entry::Open);
    REQUIRE(role.headers.size() == 1);
    CHECK(role.headers[0].data() == unit.data());
    CHECK(role.headers[0].size() == headers.size());
  }
}

TEST_CASE("layers of all kinds are read to the end") {
  for (const unsigned version : {0U, 1U, 2U, 5U}) {
    for (const bool has_extras : {false, true}) {
      for (const unsigned sprite : {0U, 2U}) {
        if (sprite != 0 && version < 2) continue;
        CAPTURE(version);
        CAPTURE(has_extras);
        CAPTURE(sprite);
        const Layer given{.version = version, .has_extras = has_extras, .sprite = sprite};
        auto rules = make_mpeg4_rules(layer(given));
        REQUIRE(rules);
        CHECK(rules->read(vop({.type = kI})));
        Layer scalable = given;
        scalable.is_scalable = true;
        CHECK_FALSE(make_mpeg4_rules(layer(scalable)));
      }
    }
  }
}

TEST_CASE("the bits of a VOP's time follow from the resolution") {
  const unsigned resolutions[][2] = {{1, 1},  {2, 1},  {3, 2},     {25, 5},
                                     {32, 5}, {33, 6}, {65535, 16}};
  for (const auto& [given, bits] : resolutions) {
    const unsigned resolution = given;
    CAPTURE(resolution);
    auto rules = make_mpeg4_rules(layer({.resolution = resolution}));
    REQUIRE(rules);
    CHECK(rules->read(vop({.type = kI, .time_bits = bits})));
    CHECK_FALSE(rules->read(vop({.type = kI, .time_bits = bits, .is_coded = false})));
  }
}

TEST_CASE("layers that the rule does not cover") {
  CHECK_FALSE(make_mpeg4_rules(layer({.type = 14})));
  CHECK_FALSE(make_mpeg4_rules(layer({.type = 15})));
  CHECK_FALSE(make_mpeg4_rules(layer({.shape = 1})));
  CHECK_FALSE(make_mpeg4_rules(layer({.resolution = 0})));
  CHECK_FALSE(make_mpeg4_rules(layer({.sprite = 1})));
  CHECK_FALSE(make_mpeg4_rules(layer({.version = 2, .sprite = 1})));
  CHECK_FALSE(make_mpeg4_rules(layer({.has_complexity = true})));
  CHECK_FALSE(make_mpeg4_rules(layer({.version = 2, .needs_upstream = true})));
  CHECK_FALSE(make_mpeg4_rules(layer({.version = 2, .has_reduced_pictures = true})));
  CHECK_FALSE(make_mpeg4_rules(joined({hex("000001B5 91"), layer({})})));  // of version 2
  CHECK(make_mpeg4_rules(joined({hex("000001B5 91"), layer({.version = 2})})));
  CHECK(make_mpeg4_rules(joined({hex("000001B5 89"), layer({})})));
  const Bytes whole = layer({});
  for (std::size_t size = 1; size + 1 < whole.size(); ++size) {
    CHECK_FALSE(make_mpeg4_rules(std::span(whole).first(size)));
  }
}

TEST_CASE("units that the rule does not cover") {
  const auto is_refused = [](const Bytes& unit) {
    return !make_mpeg4_rules(layer({}))->read(unit);
  };
  CHECK(is_refused({}));
  CHECK(is_refused(joined({vop({.type = kI}), vop({.type = kB})})));  // packed
  CHECK(is_refused(vop({.type = kI, .is_coded = false})));
  CHECK(is_refused(hex("000001B6 1000")));  // cut off
  CHECK(is_refused(hex("7F")));
  CHECK(is_refused(hex("000080 02 0C 10")));  // a short video header
  CHECK(is_refused(joined({layer({.is_scalable = true}), vop({.type = kI})})));
}

TEST_CASE("a stream that begins before an I-VOP is left to the decoder") {
  auto rules = make_mpeg4_rules(layer({}));
  for (const unsigned type : {kP, kS, kB}) CHECK_FALSE(rules->read(vop({.type = type})));
  CHECK(rules->read(vop({.type = kI})));
  CHECK(rules->read(vop({.type = kP})));
  rules->restart();
  CHECK_FALSE(rules->read(vop({.type = kP})));
}

TEST_CASE("interlaced B-VOPs are left to the decoder") {
  auto rules = make_mpeg4_rules(layer({.is_interlaced = true}));
  REQUIRE(rules);
  CHECK(role_of(*rules, vop({.type = kI})).entry == Entry::Open);
  CHECK(rules->read(vop({.type = kP})));
  CHECK_FALSE(rules->read(vop({.type = kB})));
}

TEST_CASE("units of libavcodec's mpeg4 (one B frame)") {
  auto rules = make_mpeg4_rules({});
  const UnitRole first = role_of(*rules, hex("000001B0F1 000001B5A913 00000100"
                                             "0000012008D48D0800CD00840214183F"
                                             "000001B3001007 000001B6106051823DB7EF"));
  CHECK(first.entry == Entry::Open);
  REQUIRE(first.headers.size() == 1);
  CHECK(first.headers[0].size() == 31);
  CHECK(role_of(*rules, hex("000001B65170237F")).is_reference);
  CHECK_FALSE(role_of(*rules, hex("000001B690E064BF")).is_reference);
}

}  // namespace
