// SPDX-License-Identifier: LGPL-2.1-or-later
// Access units of H.264 written by hand, and a few that x264 made.
#include <string_view>

#include <doctest/doctest.h>

#include "gst/core/h264_units.h"
#include "tests/core/bit_writer.h"
#include "tests/core/unit_bytes.h"

namespace {

using anim::Bytes;
using anim::Entry;
using anim::make_h264_rules;
using anim::UnitRole;
using anim::UnitRules;
using anim::test::BitWriter;
using anim::test::hex;
using anim::test::joined;
using anim::test::nal;
using anim::test::sei_message;

constexpr std::uint32_t kP = 5;
constexpr std::uint32_t kB = 6;
constexpr std::uint32_t kI = 7;
constexpr std::uint32_t kSwitchingI = 9;

struct Sps {
  bool is_high = false;  ///< 4:4:4 with separate planes and scaling lists
  std::uint32_t pic_order_cnt_type = 0;
  bool is_frames_only = true;
  std::uint32_t references = 2;
};

void put_scaling_lists(BitWriter& out) {
  out.flag(true);
  for (int i = 0; i < 12; ++i) {
    out.flag(i % 3 != 1);
    if (i % 3 == 1) continue;
    const int size = i % 3 == 0 ? (i < 6 ? 16 : 64) : 2;  // whole, or ended early
    for (int j = 0; j < size; ++j) {
      const int step = j % 2 != 0 ? -1 : 1;
      out.signed_exp_golomb(size == 2 && j == 1 ? -9 : step);
    }
  }
}

void put_pic_order_cnt(BitWriter& out, std::uint32_t type) {
  out.exp_golomb(type);
  if (type == 0) {
    out.exp_golomb(2);
  } else if (type == 1) {
    out.flag(true);
    for (const int offset : {-1, 2}) out.signed_exp_golomb(offset);
    out.exp_golomb(2);
    for (const int offset : {7, -9}) out.signed_exp_golomb(offset);
  }
}

Bytes sps(const Sps& given = {}) {
  BitWriter out;
  out.bits(0x67, 8);
  out.bits(given.is_high ? 244 : 77, 8);
  out.bits(0x001E, 16);
  out.exp_golomb(3);  // number
  if (given.is_high) {
    out.exp_golomb(3);  // 4:4:4
    out.flag(true);     // separate planes
    out.exp_golomb(2);
    out.exp_golomb(2);
    out.flag(false);
    put_scaling_lists(out);
  }
  out.exp_golomb(1);  // 5 bits of frame_num
  put_pic_order_cnt(out, given.pic_order_cnt_type);
  out.exp_golomb(given.references);
  out.flag(false);
  out.exp_golomb(19);
  out.exp_golomb(14);
  out.flag(given.is_frames_only);
  return out.stopped();
}

Bytes pps() {
  BitWriter out;
  out.bits(0x68, 8);
  out.exp_golomb(2);
  out.exp_golomb(3);
  return out.stopped();
}

enum class Structure { Frame, Top, Bottom };

struct Slice {
  std::uint32_t type = kP;
  std::uint32_t frame_num = 0;
  bool is_reference = true;
  bool is_idr = false;
  Structure structure = Structure::Frame;
  unsigned order_lsb = 0;  ///< of 6 bits
};

Bytes slice(const Slice& given, const Sps& set = {}) {
  BitWriter out;
  out.bits(given.is_reference ? 2 : 0, 3);
  out.bits(given.is_idr ? 5 : 1, 5);
  out.exp_golomb(0);
  out.exp_golomb(given.type);
  out.exp_golomb(2);
  if (set.is_high) out.bits(1, 2);
  out.bits(given.frame_num, 5);
  if (!set.is_frames_only) {
    out.flag(given.structure != Structure::Frame);
    if (given.structure != Structure::Frame) out.flag(given.structure == Structure::Bottom);
  }
  if (given.is_idr) out.exp_golomb(5);  // idr_pic_id
  if (set.pic_order_cnt_type == 0) out.bits(given.order_lsb, 6);
  out.bits(0x1234567, 32);
  return nal(out.stopped());
}

Bytes idr(const Sps& set = {}) {
  return slice({.type = kI, .is_idr = true}, set);
}

Bytes sets(const Sps& set = {}) {
  return joined({nal(sps(set)), nal(pps())});
}

struct Recovery {
  std::uint32_t frames = 0;
  bool is_exact = true;
  bool is_broken = false;
};

Bytes recovery_point(const Recovery& given = {}) {
  BitWriter out;
  out.exp_golomb(given.frames);
  out.flag(given.is_exact);
  out.flag(given.is_broken);
  out.bits(0, 2);
  return nal(joined({{0x06}, sei_message(1, hex("00")), sei_message(6, out.stopped()), {0x80}}));
}

/// Rules for a byte stream that have read an IDR picture.
std::unique_ptr<UnitRules> begun(const Sps& set = {}) {
  auto rules = make_h264_rules({});
  REQUIRE(rules->read(joined({sets(set), idr(set)})));
  return rules;
}

UnitRole role_of(UnitRules& rules, const Bytes& unit) {
  const auto role = rules.read(unit);
  REQUIRE(role);
  return *role;
}

constexpr Sps kFields{.is_frames_only = false};

Bytes field(Structure structure, std::uint32_t frame_num, bool is_reference = true,
            std::uint32_t type = kP) {
  return slice(
      {.type = type, .frame_num = frame_num, .is_reference = is_reference, .structure = structure},
      kFields);
}

Bytes idr_field(Structure structure) {
  return slice({.type = kI, .is_idr = true, .structure = structure}, kFields);
}

TEST_CASE("an IDR picture, with its parameter sets") {
  const Bytes unit = joined({nal(hex("09F0")), sets(), idr(), idr()});
  auto rules = make_h264_rules({});
  const UnitRole role = role_of(*rules, unit);
  CHECK(role.entry == Entry::Closed);
  CHECK(role.is_reference);
  CHECK(role.is_shown);
  CHECK_FALSE(role.continues_picture);
  REQUIRE(role.headers.size() == 2);
  CHECK(Bytes(role.headers[0].begin(), role.headers[0].end()) == nal(sps()));
  CHECK(Bytes(role.headers[1].begin(), role.headers[1].end()) == nal(pps()));
}

TEST_CASE("pictures between entries") {
  auto rules = begun();
  for (const bool is_reference : {true, false}) {
    for (const std::uint32_t type : {kP, kB, kI}) {
      const UnitRole role =
          role_of(*rules, slice({.type = type, .frame_num = 1, .is_reference = is_reference}));
      CHECK(role.entry == Entry::None);
      CHECK(role.is_reference == is_reference);
      CHECK(role.headers.empty());
    }
  }
}

TEST_CASE("the parameter sets of all profiles") {
  for (const std::uint32_t type : {0U, 1U, 2U}) {
    for (const bool is_high : {false, true}) {
      const Sps set{.is_high = is_high, .pic_order_cnt_type = type, .is_frames_only = false};
      CAPTURE(type);
      CAPTURE(is_high);
      auto rules = begun(set);
      const auto half = [&](Structure structure) {
        return role_of(*rules, slice({.frame_num = 21, .structure = structure}, set));
      };
      CHECK_FALSE(half(Structure::Bottom).continues_picture);
      CHECK(half(Structure::Top).continues_picture);
    }
  }
}

TEST_CASE("order counts go on where their last bits begin anew") {
  auto rules = make_h264_rules({});
  CHECK(role_of(*rules, joined({sets(), idr()})).order_count == 0);
  CHECK(role_of(*rules, slice({.order_lsb = 30})).order_count == 30);
  CHECK(role_of(*rules, slice({.order_lsb = 60})).order_count == 60);
  CHECK(role_of(*rules, slice({.is_reference = false, .order_lsb = 40})).order_count == 40);
  CHECK(role_of(*rules, slice({.order_lsb = 10})).order_count == 74);
  CHECK(role_of(*rules, slice({.is_reference = false, .order_lsb = 62})).order_count == 62);
  CHECK(role_of(*rules, slice({.order_lsb = 20})).order_count == 84);
  CHECK(role_of(*rules, idr()).order_count == 0);
  CHECK(role_of(*rules, slice({.is_reference = false, .order_lsb = 62})).order_count == -2);
}

TEST_CASE("order counts of the other types") {
  const Sps as_decoded{.pic_order_cnt_type = 2};
  auto rules = make_h264_rules({});
  const auto first = role_of(*rules, joined({sets(as_decoded), idr(as_decoded)})).order_count;
  CHECK(role_of(*rules, slice({}, as_decoded)).order_count > first);
  const Sps by_frame_num{.pic_order_cnt_type = 1};
  rules = make_h264_rules({});
  CHECK(!role_of(*rules, joined({sets(by_frame_num), idr(by_frame_num)})).order_count);
}

TEST_CASE("an exact recovery point at an I picture is an open entry") {
  auto rules = begun();
  const Bytes intra = slice({.type = kI, .frame_num = 1});
  CHECK(role_of(*rules, joined({recovery_point(), intra, intra})).entry == Entry::Open);
  CHECK(role_of(*rules, intra).entry == Entry::None);
}

TEST_CASE("where there are more than two references, only a stream may begin at it") {
  auto rules = begun({.references = 3});
  const Bytes intra = slice({.type = kI, .frame_num = 1});
  CHECK(role_of(*rules, joined({recovery_point(), intra})).entry == Entry::Join);
}

TEST_CASE("recovery points that are no entry") {
  auto rules = begun();
  const Bytes intra = slice({.type = kI, .frame_num = 1});
  const auto entry = [&](const Bytes& unit) { return role_of(*rules, unit).entry; };
  CHECK(entry(joined({recovery_point({.frames = 1}), intra})) == Entry::None);
  CHECK(entry(joined({recovery_point({.is_exact = false}), intra})) == Entry::None);
  CHECK(entry(joined({recovery_point({.is_broken = true}), intra})) == Entry::None);
  CHECK(entry(joined({intra, recovery_point()})) == Entry::None);
  for (const std::uint32_t type : {kP, kB, kSwitchingI}) {
    const Bytes other = slice({.type = type, .frame_num = 1});
    CHECK(entry(joined({recovery_point(), intra, other})) == Entry::None);
  }
  for (const std::uint32_t type : {1U, 2U}) {
    auto other = begun({.pic_order_cnt_type = type});
    CHECK(role_of(*other, joined({recovery_point(), intra})).entry == Entry::None);
  }
}

TEST_CASE("the second field goes with the first") {
  auto rules = make_h264_rules({});
  const UnitRole first = role_of(*rules, joined({sets(kFields), idr_field(Structure::Top)}));
  CHECK(first.entry == Entry::Closed);
  const UnitRole second = role_of(*rules, field(Structure::Bottom, 0));
  CHECK(second.continues_picture);
  CHECK(second.entry == Entry::None);
  for (const bool is_reference : {true, false, false}) {  // two frames of one frame_num
    CHECK_FALSE(role_of(*rules, field(Structure::Top, 1, is_reference)).continues_picture);
    const UnitRole other = role_of(*rules, field(Structure::Bottom, 1, is_reference));
    CHECK(other.continues_picture);
    CHECK(other.is_reference == is_reference);
  }
}

TEST_CASE("both fields are IDR") {
  auto rules = begun(kFields);
  CHECK(role_of(*rules, idr_field(Structure::Top)).entry == Entry::Closed);
  const UnitRole second = role_of(*rules, idr_field(Structure::Bottom));
  CHECK(second.continues_picture);
  CHECK(second.entry == Entry::None);
}

TEST_CASE("both fields in one unit are a whole picture") {
  auto rules = make_h264_rules({});
  const Bytes p = field(Structure::Bottom, 0);
  const UnitRole role = role_of(*rules, joined({sets(kFields), idr_field(Structure::Top), p, p}));
  CHECK(role.entry == Entry::Closed);
  CHECK_FALSE(role.continues_picture);
  const UnitRole next = role_of(*rules, field(Structure::Bottom, 0, false));
  CHECK_FALSE(next.continues_picture);
}

TEST_CASE("an exact recovery point at an I field and a P field") {
  auto rules = begun(kFields);
  const Bytes first = joined({recovery_point(), field(Structure::Top, 1, true, kI)});
  const Bytes second = field(Structure::Bottom, 1);
  CHECK(role_of(*rules, joined({first, second})).entry == Entry::Open);
  CHECK(role_of(*rules, first).entry == Entry::Open);
  CHECK(role_of(*rules, second).entry == Entry::None);
}

TEST_CASE("fields whose pairing is in doubt") {
  const Bytes first = field(Structure::Top, 0);
  const Bytes others[] = {
      field(Structure::Bottom, 0, false),  // a reference and none
      field(Structure::Bottom, 1),         // another frame
      field(Structure::Top, 1),            // the same parity
      idr_field(Structure::Bottom),        // an IDR after another picture
      slice({.frame_num = 0}, kFields),    // a frame
  };
  for (const Bytes& other : others) {
    auto rules = begun(kFields);
    REQUIRE(rules->read(first));
    CHECK_FALSE(rules->read(other));
    CHECK_FALSE(begun(kFields)->read(joined({first, first, other, first})));
  }
}

TEST_CASE("two fields of the same parity are two frames") {
  auto rules = begun(kFields);
  REQUIRE(rules->read(field(Structure::Top, 0)));
  CHECK_FALSE(rules->read(field(Structure::Top, 0)));
}

TEST_CASE("a stream may begin with a second field") {
  const Bytes lone = field(Structure::Bottom, 4);
  auto rules = begun(kFields);
  rules->restart();
  REQUIRE(rules->read(lone));
  CHECK_FALSE(role_of(*rules, field(Structure::Top, 5)).continues_picture);
  CHECK(role_of(*rules, field(Structure::Bottom, 5)).continues_picture);
  REQUIRE(rules->read(field(Structure::Top, 6)));
  CHECK_FALSE(rules->read(field(Structure::Top, 7)));
}

TEST_CASE("a restart forgets a first field") {
  auto rules = begun(kFields);
  REQUIRE(rules->read(field(Structure::Top, 1)));
  rules->restart();
  CHECK_FALSE(role_of(*rules, field(Structure::Bottom, 1)).continues_picture);
}

TEST_CASE("other layers and auxiliary pictures are ignored") {
  auto rules = begun();
  const Bytes others = joined({nal(hex("6E4001")), nal(hex("74400188")), nal(hex("1388"))});
  const UnitRole role =
      role_of(*rules, joined({others, slice({.frame_num = 1, .is_reference = false}), others}));
  CHECK_FALSE(role.is_reference);
  const UnitRole alone = role_of(*rules, others);
  CHECK_FALSE(alone.is_reference);
  CHECK_FALSE(alone.is_shown);
}

TEST_CASE("a unit without a picture") {
  auto rules = make_h264_rules({});
  const Bytes unit = joined({sets(), nal(hex("6D80")), nal(hex("6F80")), recovery_point()});
  const UnitRole role = role_of(*rules, unit);
  CHECK(role.entry == Entry::None);
  CHECK_FALSE(role.is_reference);
  CHECK_FALSE(role.is_shown);
  CHECK(role.headers.size() == 4);
}

TEST_CASE("x264's name travels with the parameter sets") {
  const std::string_view name = "0123456789ABCDEFx264 - core 31";
  const auto sei = [](std::string_view text) {
    return nal(joined({{0x06}, sei_message(5, Bytes(text.begin(), text.end())), {0x80}}));
  };
  auto rules = begun();
  CHECK(role_of(*rules, joined({sei(name), idr()})).headers.size() == 1);
  CHECK(role_of(*rules, joined({sei("0123456789ABCDEFy264 - core 31"), idr()})).headers.empty());
  CHECK(role_of(*rules, joined({sei(name.substr(0, 20)), idr()})).headers.empty());
}

TEST_CASE("what the rule does not cover") {
  const auto is_refused = [](const Bytes& unit) { return !begun()->read(unit); };
  CHECK(is_refused(nal(hex("42 8888"))));  // data partitions
  CHECK(is_refused(nal(hex("44 8888"))));
  CHECK(is_refused(joined({nal(hex("06 13 01 00 80")), idr()})));  // film grain
  CHECK(is_refused(joined({idr(), slice({.frame_num = 0})})));     // two pictures
  CHECK(is_refused(joined({slice({.frame_num = 0}), slice({.frame_num = 1})})));
  CHECK(is_refused(nal(hex("41 88"))));           // a slice cut off
  CHECK(is_refused(nal(hex("41 9A 25 62 19"))));  // of a picture set that was not sent
  CHECK(is_refused(nal(hex("67 42"))));           // a sequence set cut off
  CHECK(is_refused(hex("AABBCC")));
  CHECK_FALSE(make_h264_rules({})->read(idr()));
}

/// AVCDecoderConfigurationRecord with lengths of two bytes.
Bytes avcc() {
  const Bytes sequence = sps();
  const Bytes picture = pps();
  const auto size = [](const Bytes& set) {
    return Bytes{0, static_cast<std::uint8_t>(set.size())};
  };
  return joined({hex("01 4D001E FD E1"), size(sequence), sequence, {1}, size(picture), picture});
}

TEST_CASE("units in the framing of a configuration record") {
  auto rules = make_h264_rules(avcc());
  REQUIRE(rules);
  Bytes unit = idr();
  unit.erase(unit.begin(), unit.begin() + 4);
  const Bytes picture = pps();
  const Bytes framed = joined({{0, static_cast<std::uint8_t>(picture.size())},
                               picture,
                               {0, static_cast<std::uint8_t>(unit.size())},
                               unit});
  const UnitRole role = role_of(*rules, framed);
  CHECK(role.entry == Entry::Closed);
  REQUIRE(role.headers.size() == 1);
  CHECK(role.headers[0].size() == picture.size() + 2);
  CHECK(role.headers[0].data() == framed.data());
  CHECK_FALSE(rules->read(idr()));
}

TEST_CASE("broken configuration records") {
  const Bytes whole = avcc();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CHECK_FALSE(make_h264_rules(std::span(whole).first(size)));
  }
  Bytes other = whole;
  other[0] = 0;
  CHECK_FALSE(make_h264_rules(other));
  other = whole;
  other[4] = 0xFE;  // lengths of three bytes
  CHECK_FALSE(make_h264_rules(other));
}

TEST_CASE("units of x264 (High profile, MBAFF, scaling lists, one B frame)") {
  auto rules = make_h264_rules({});
  const UnitRole first =
      role_of(*rules, hex("00000001 67640015ACEDBF2E0220000003002000000643E28527"
                          "00000001 68FE8F2CC00B 000001 6588822C0CFFF6F6ECBE05375B9188CAF9"));
  CHECK(first.entry == Entry::Closed);
  CHECK(first.headers.size() == 2);
  CHECK(role_of(*rules, hex("00000001 419A256219FFFEF8")).is_reference);
  CHECK_FALSE(role_of(*rules, hex("00000001 019E43710AFF9481")).is_reference);
  CHECK(role_of(*rules, hex("00000001 419A496215FFFEF0")).is_reference);
}

}  // namespace
