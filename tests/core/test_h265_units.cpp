// SPDX-License-Identifier: LGPL-2.1-or-later
// Access units of H.265 written by hand, and a few that x265 made.
#include <doctest/doctest.h>

#include "gst/core/h265_units.h"
#include "tests/core/bit_writer.h"
#include "tests/core/unit_bytes.h"

namespace {

using anim::Bytes;
using anim::Entry;
using anim::make_h265_rules;
using anim::UnitRole;
using anim::UnitRules;
using anim::test::BitWriter;
using anim::test::hex;
using anim::test::joined;
using anim::test::nal;

constexpr unsigned kTrailN = 0;
constexpr unsigned kTrailR = 1;
constexpr unsigned kTsaN = 2;
constexpr unsigned kRadlN = 6;
constexpr unsigned kRaslN = 8;
constexpr unsigned kRaslR = 9;
constexpr unsigned kBla = 16;
constexpr unsigned kIdr = 19;
constexpr unsigned kCra = 21;

BitWriter header(unsigned type, unsigned temporal_id = 0, unsigned layer = 0) {
  BitWriter out;
  out.bits(type, 7);
  out.bits(layer, 6);
  out.bits(temporal_id + 1, 3);
  return out;
}

/// With the profiles and levels of all sub-layers but the highest.
Bytes sps(unsigned sub_layers) {
  BitWriter out = header(33);
  out.bits(0, 4);
  out.bits(sub_layers - 1, 3);
  out.flag(true);
  const auto put = [&](int count) {
    while (count-- > 0) out.bits(0x5A, 8);
  };
  put(12);
  if (sub_layers > 1) {
    for (unsigned i = 0; i < 8; ++i) {
      out.flag(i + 1 < sub_layers);                // sub_layer_profile_present_flag
      out.flag(i + 1 < sub_layers && i % 2 != 0);  // sub_layer_level_present_flag
    }
  }
  for (unsigned i = 0; i + 1 < sub_layers; ++i) put(i % 2 != 0 ? 12 : 11);
  out.exp_golomb(2);  // number
  out.exp_golomb(3);  // 4:4:4
  out.flag(true);     // separate planes
  out.exp_golomb(320);
  out.exp_golomb(180);
  out.flag(true);  // conformance window
  for (int i = 0; i < 4; ++i) out.exp_golomb(1);
  out.exp_golomb(0);
  out.exp_golomb(0);
  out.exp_golomb(2);  // 6 bits of slice_pic_order_cnt_lsb
  return out.stopped();
}

/// With an output flag and two extra bits in slice headers.
Bytes pps() {
  BitWriter out = header(34);
  out.exp_golomb(4);
  out.exp_golomb(2);
  out.flag(false);
  out.flag(true);
  out.bits(2, 3);
  return out.stopped();
}

struct Slice {
  unsigned type = kTrailR;
  unsigned temporal_id = 0;
  unsigned layer = 0;
  bool is_first = true;
  bool is_output = true;
  bool drops_prior_output = false;
  unsigned order_lsb = 0;
};

Bytes slice(const Slice& given) {
  BitWriter out = header(given.type, given.temporal_id, given.layer);
  out.flag(given.is_first);
  if (given.type >= kBla) out.flag(given.drops_prior_output);
  out.exp_golomb(4);
  out.bits(2, 2);
  out.exp_golomb(2);
  out.flag(given.is_output);
  out.bits(1, 2);  // colour plane
  if (given.type != kIdr) out.bits(given.order_lsb, 6);
  out.bits(0x1234567, 32);
  return nal(out.stopped());
}

Bytes sets(unsigned sub_layers = 1) {
  return joined({nal(hex("40010C01FFFF")), nal(sps(sub_layers)), nal(pps())});
}

UnitRole role_of(UnitRules& rules, const Bytes& unit) {
  const auto role = rules.read(unit);
  REQUIRE(role);
  return *role;
}

/// Rules for a byte stream that have read an IDR picture.
std::unique_ptr<UnitRules> begun(unsigned sub_layers = 1) {
  auto rules = make_h265_rules({});
  REQUIRE(rules->read(joined({sets(sub_layers), slice({.type = kIdr})})));
  return rules;
}

TEST_CASE("order counts are told from the lowest sub-layer's references") {
  auto rules = begun(2);
  const auto count = [&](const Slice& given) { return role_of(*rules, slice(given)).order_count; };
  CHECK(count({.order_lsb = 30}) == 30);
  CHECK(count({.order_lsb = 60}) == 60);
  CHECK(count({.temporal_id = 1, .order_lsb = 62}) == 62);
  CHECK(count({.type = kTrailN, .order_lsb = 61}) == 61);
  CHECK(count({.order_lsb = 20}) == 84);
  CHECK(count({.type = kCra, .order_lsb = 50}) == 114);
  CHECK(count({.type = kRadlN, .order_lsb = 40}) == 104);
  CHECK(count({.type = kRaslR, .order_lsb = 20}) == 84);
  CHECK(count({.order_lsb = 18}) == 146);
  CHECK(count({.type = kBla, .order_lsb = 40}) == 40);
  CHECK(count({.type = kIdr}) == 0);
  CHECK(count({.type = kRadlN, .order_lsb = 60}) == -4);
}

TEST_CASE("the entries") {
  auto rules = make_h265_rules({});
  const Bytes unit = joined({nal(hex("460150")), sets(), slice({.type = kIdr}),
                             slice({.type = kIdr, .is_first = false})});
  const UnitRole first = role_of(*rules, unit);
  CHECK(first.entry == Entry::Closed);
  CHECK(first.is_reference);
  CHECK(first.is_shown);
  REQUIRE(first.headers.size() == 3);
  CHECK(Bytes(first.headers[1].begin(), first.headers[1].end()) == nal(sps(1)));
  for (const unsigned type : {16U, 17U, 18U, 19U, 20U}) {
    CHECK(role_of(*rules, slice({.type = type})).entry == Entry::Closed);
  }
  CHECK(role_of(*rules, slice({.type = kCra})).entry == Entry::Open);
  for (unsigned type = 0; type < 10; ++type) {
    CHECK(role_of(*rules, slice({.type = type})).entry == Entry::None);
  }
}

TEST_CASE("pictures without reference are those of the highest sub-layer") {
  for (const unsigned sub_layers : {1U, 2U, 3U, 7U}) {
    CAPTURE(sub_layers);
    auto rules = begun(sub_layers);
    const auto is_reference = [&](unsigned type, unsigned temporal_id) {
      return role_of(*rules, slice({.type = type, .temporal_id = temporal_id})).is_reference;
    };
    const unsigned highest = sub_layers - 1;
    CHECK_FALSE(is_reference(kTrailN, highest));
    CHECK_FALSE(is_reference(kTsaN, highest));
    CHECK_FALSE(is_reference(kRadlN, highest));
    CHECK(is_reference(kTrailR, highest));
    if (highest > 0) CHECK(is_reference(kTrailN, highest - 1));
    CHECK_FALSE(rules->read(slice({.type = kTrailN, .temporal_id = highest + 1})));
  }
}

TEST_CASE("RASL pictures come out only when their CRA picture is not the first") {
  auto rules = make_h265_rules({});
  const auto is_shown = [&](unsigned type) {
    const UnitRole role = role_of(*rules, slice({.type = type}));
    CHECK(role.is_reference == (role.is_shown && type == kRaslR));
    return role.is_shown;
  };
  REQUIRE(rules->read(joined({sets(), slice({.type = kCra})})));
  CHECK_FALSE(is_shown(kRaslR));
  CHECK_FALSE(is_shown(kRaslN));
  CHECK(is_shown(kRadlN));
  REQUIRE(rules->read(slice({.type = kCra})));
  CHECK(is_shown(kRaslR));
  CHECK(is_shown(kRaslN));
  REQUIRE(rules->read(slice({.type = kBla})));
  CHECK_FALSE(is_shown(kRaslR));
  rules->restart();
  REQUIRE(rules->read(slice({.type = kCra})));
  CHECK_FALSE(is_shown(kRaslR));
}

TEST_CASE("RASL pictures may come out where the stream begins before its first CRA picture") {
  auto rules = make_h265_rules({});
  REQUIRE(rules->read(joined({sets(), slice({.type = kRaslN})})));
  CHECK(role_of(*rules, slice({.type = kRaslR})).is_shown);
  REQUIRE(rules->read(slice({.type = kCra})));
  CHECK(role_of(*rules, slice({.type = kRaslR})).is_shown);
  CHECK_FALSE(rules->read(slice({.type = kIdr, .drops_prior_output = true})));
}

TEST_CASE("pic_output_flag") {
  auto rules = begun();
  const UnitRole role = role_of(*rules, slice({.type = kTrailR, .is_output = false}));
  CHECK_FALSE(role.is_shown);
  CHECK(role.is_reference);
}

TEST_CASE("no_output_of_prior_pics_flag counts where there were pictures") {
  auto rules = make_h265_rules({});
  const Bytes idr = slice({.type = kIdr, .drops_prior_output = true});
  CHECK(rules->read(joined({sets(), idr})));
  CHECK(rules->read(slice({.type = kCra, .drops_prior_output = true})));
  CHECK_FALSE(rules->read(idr));
}

TEST_CASE("the end of a sequence") {
  const Bytes end = nal(hex("4801"));
  auto rules = begun();
  REQUIRE(rules->read(joined({slice({}), end})));
  CHECK(role_of(*rules, slice({.type = kIdr})).entry == Entry::Closed);
  CHECK(rules->read(slice({.type = kCra})));
  const UnitRole alone = role_of(*rules, end);
  CHECK(alone.is_reference);
  CHECK_FALSE(alone.is_shown);
  CHECK_FALSE(rules->read(slice({.type = kCra})));
  CHECK(begun()->read(joined({end, slice({.type = kIdr})})));
  CHECK_FALSE(begun()->read(joined({end, slice({.type = kCra})})));
  rules = begun();
  REQUIRE(rules->read(joined({slice({}), nal(hex("4A01"))})));
  rules->restart();
  CHECK(rules->read(slice({.type = kCra})));
}

TEST_CASE("other layers are ignored") {
  auto rules = begun();
  const Bytes other = joined({nal(header(33, 0, 1).stopped()), slice({.type = kTrailR, .layer = 1}),
                              slice({.type = kTrailR, .layer = 33})});
  const UnitRole role = role_of(*rules, joined({slice({.type = kTrailN}), other}));
  CHECK_FALSE(role.is_reference);
  CHECK(role.headers.empty());
  const UnitRole alone = role_of(*rules, other);
  CHECK_FALSE(alone.is_reference);
  CHECK_FALSE(alone.is_shown);
}

TEST_CASE("what the rule does not cover") {
  const auto is_refused = [](const Bytes& unit) { return !begun()->read(unit); };
  CHECK(is_refused(slice({.type = kTrailR, .is_first = false})));
  CHECK(is_refused(joined({slice({}), slice({})})));  // two pictures
  CHECK(is_refused(joined({slice({}), slice({.type = kTrailN, .is_first = false})})));
  for (const unsigned type : {10U, 15U, 22U, 31U}) CHECK(is_refused(slice({.type = type})));
  CHECK(is_refused(joined({nal(hex("4E01 1301 00 80")), slice({})})));  // film grain
  CHECK(is_refused(nal(hex("0201"))));                                  // a slice cut off
  CHECK(is_refused(nal(hex("0201 FF"))));  // of a picture set that was not sent
  CHECK(is_refused(nal(hex("4201 01"))));  // a sequence set cut off
  CHECK(is_refused(nal(hex("42"))));
  CHECK(is_refused(hex("AABBCC")));
  CHECK_FALSE(make_h265_rules({})->read(slice({.type = kIdr})));
}

/// HEVCDecoderConfigurationRecord with lengths of four bytes.
Bytes hvcc() {
  Bytes out = hex("01");
  out.resize(21, 0);
  out.insert(out.end(), {0xFF, 3});
  unsigned type = 32;
  for (const Bytes& set : {hex("40010C01FFFF"), sps(1), pps()}) {
    out.push_back(static_cast<std::uint8_t>(type++));
    out.insert(out.end(), {0, 1, 0, static_cast<std::uint8_t>(set.size())});
    out.insert(out.end(), set.begin(), set.end());
  }
  return out;
}

TEST_CASE("units in the framing of a configuration record") {
  auto rules = make_h265_rules(hvcc());
  REQUIRE(rules);
  Bytes unit = slice({.type = kIdr});
  unit[3] = static_cast<std::uint8_t>(unit.size() - 4);
  CHECK(role_of(*rules, unit).entry == Entry::Closed);
  CHECK_FALSE(rules->read(slice({.type = kIdr})));
}

TEST_CASE("broken configuration records") {
  const Bytes whole = hvcc();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CHECK_FALSE(make_h265_rules(std::span(whole).first(size)));
  }
  Bytes other = whole;
  other[0] = 2;
  CHECK_FALSE(make_h265_rules(other));
  other = whole;
  other[21] = 0xFE;  // lengths of three bytes
  CHECK_FALSE(make_h265_rules(other));
}

TEST_CASE("units of x265 (open GOPs, two temporal sub-layers)") {
  auto rules = make_h265_rules({});
  const Bytes sets = hex(
      "00000001 40010C01FFFF01600000030090000003000003001E959009"
      "00000001 42010101600000030090000003000003001EA020810596564924CAF0168080000003008000000C84"
      "00000001 4401C172B42240");
  const UnitRole first =
      role_of(*rules, joined({sets, hex("000001 2801AF1D80F701B2FFFD232FB33C")}));
  CHECK(first.entry == Entry::Closed);
  CHECK(first.headers.size() == 3);
  const UnitRole cra =
      role_of(*rules, joined({sets, hex("000001 2A01AC0CADC720F701B2FFFD232FB33C")}));
  CHECK(cra.entry == Entry::Open);
  const UnitRole rasl = role_of(*rules, hex("00000001 1201E04497E18590C6A0"));
  CHECK(rasl.is_reference);
  CHECK(rasl.is_shown);
}

}  // namespace
