// SPDX-License-Identifier: LGPL-2.1-or-later
// The roles of AV1 temporal units: OBUs written here, and units of libaom.
#include <optional>

#include <doctest/doctest.h>

#include "gst/core/av1_units.h"
#include "tests/core/bit_writer.h"

namespace {

using anim::Bytes;
using anim::Entry;
using anim::test::BitWriter;

constexpr unsigned kSequenceHeader = 1;
constexpr unsigned kTemporalDelimiter = 2;
constexpr unsigned kFrameHeader = 3;
constexpr unsigned kTileGroup = 4;
constexpr unsigned kMetadata = 5;
constexpr unsigned kFrame = 6;
constexpr unsigned kTileList = 8;

constexpr unsigned kKey = 0;
constexpr unsigned kInter = 1;
constexpr unsigned kIntraOnly = 2;
constexpr unsigned kSwitch = 3;

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Bytes obu(unsigned type, const Bytes& payload = {}) {
  return joined(
      {{static_cast<std::uint8_t>(type << 3 | 2), static_cast<std::uint8_t>(payload.size())},
       payload});
}

Bytes layer_obu(unsigned type, unsigned temporal_id, unsigned spatial_id, const Bytes& payload) {
  return joined({{static_cast<std::uint8_t>(type << 3 | 6),
                  static_cast<std::uint8_t>(temporal_id << 5 | spatial_id << 3),
                  static_cast<std::uint8_t>(payload.size())},
                 payload});
}

struct Sequence {
  bool is_reduced_still = false;
  bool has_decoder_model = false;
  std::uint32_t idc = 0;
  bool has_frame_ids = false;
  bool has_order_hints = true;
  bool chooses_tools = true;  // for screen content
};

void write_decoder_model(BitWriter& out) {
  out.bits(1, 32);
  out.bits(30, 32);
  out.flag(false);  // equal_picture_interval
  out.flag(true);   // decoder_model_info_present_flag
  out.bits(9, 5);   // buffer delays of 10 bits
  out.bits(1, 32);
  out.bits(11, 5);  // removal times of 12 bits
  out.bits(12, 5);  // presentation times of 13 bits
}

void write_operating_points(BitWriter& out, const Sequence& sequence) {
  out.flag(true);  // initial_display_delay_present_flag
  out.bits(1, 5);
  for (const std::uint32_t idc : {sequence.idc, sequence.idc & 0xF01U}) {
    out.bits(idc, 12);
    out.bits(8, 5);  // a level that has tiers
    out.flag(false);
    if (sequence.has_decoder_model) {
      out.flag(true);
      out.bits(0, 10 + 10 + 1);
    }
    out.flag(true);
    out.bits(3, 4);
  }
}

void write_inter_tools(BitWriter& out, const Sequence& sequence) {
  out.bits(0xF, 4);
  out.flag(sequence.has_order_hints);
  if (sequence.has_order_hints) out.bits(3, 2);
  out.flag(sequence.chooses_tools);
  if (sequence.chooses_tools) {
    out.flag(true);  // seq_choose_integer_mv
  } else {
    out.flag(false);  // no screen content tools
  }
  if (sequence.has_order_hints) out.bits(6, 3);
}

Bytes sequence_header(const Sequence& sequence = {}) {
  BitWriter out;
  out.bits(0, 3);
  out.flag(sequence.is_reduced_still);
  out.flag(sequence.is_reduced_still);
  if (sequence.is_reduced_still) {
    out.bits(0, 5);
  } else {
    out.flag(sequence.has_decoder_model);
    if (sequence.has_decoder_model) write_decoder_model(out);
    write_operating_points(out, sequence);
  }
  out.bits(7, 4);
  out.bits(6, 4);
  out.bits(0, 8 + 7);
  if (!sequence.is_reduced_still) out.flag(sequence.has_frame_ids);
  if (sequence.has_frame_ids) out.bits(0b1100'000, 7);  // ids of 15 bits
  out.bits(7, 3);
  if (!sequence.is_reduced_still) write_inter_tools(out, sequence);
  out.bits(0, 16);
  return obu(kSequenceHeader, out.bytes());
}

struct Frame {
  unsigned type = kInter;
  bool is_shown = true;
  bool is_error_resilient = false;
  std::uint32_t refreshed = 0;
  Sequence sequence{};
};

Bytes frame_header(const Frame& frame) {
  const Sequence& sequence = frame.sequence;
  const bool is_intra = frame.type == kKey || frame.type == kIntraOnly;
  const bool refreshes_all = frame.type == kSwitch || (frame.type == kKey && frame.is_shown);
  BitWriter out;
  if (!sequence.is_reduced_still) {
    out.flag(false);
    out.bits(frame.type, 2);
    out.flag(frame.is_shown);
    if (frame.is_shown && sequence.has_decoder_model) out.bits(0x1555, 13);
    if (!frame.is_shown) out.flag(true);
    if (!refreshes_all) out.flag(frame.is_error_resilient);
  }
  out.flag(true);  // disable_cdf_update
  if (sequence.chooses_tools) out.bits(3, 2);
  if (sequence.has_frame_ids) out.bits(0x5555, 15);
  if (frame.type != kSwitch && !sequence.is_reduced_still) out.flag(true);
  if (sequence.has_order_hints && !sequence.is_reduced_still) out.bits(0x55, 7);
  if (!is_intra && !frame.is_error_resilient && frame.type != kSwitch) out.bits(5, 3);
  if (sequence.has_decoder_model) {
    out.flag(true);
    out.bits(0x555555, 24);  // two operating points
  }
  if (!refreshes_all) out.bits(frame.refreshed, 8);
  out.bits(0, 16);
  return out.bytes();
}

Bytes frame_obu(const Frame& frame) {
  return obu(kFrame, frame_header(frame));
}

Bytes existing_obu(unsigned slot) {
  BitWriter out;
  out.flag(true);
  out.bits(slot, 3);
  return obu(kFrameHeader, out.bytes());
}

Bytes metadata_obu(std::uint8_t type) {
  return obu(kMetadata, {type, 1, 2, 3, 0x80});
}

const Bytes kDelimiter = obu(kTemporalDelimiter);
const Bytes kKeyFrame = frame_obu({.type = kKey});

/// Rules that have read a key frame.
std::unique_ptr<anim::UnitRules> started(const Sequence& sequence = {}) {
  auto rules = anim::make_av1_rules({});
  const auto role = rules->read(joined(
      {kDelimiter, sequence_header(sequence), frame_obu({.type = kKey, .sequence = sequence})}));
  REQUIRE(role);
  CHECK(role->entry == Entry::Closed);
  CHECK(role->is_reference);
  CHECK(role->is_shown);
  return rules;
}

/// Whether a frame after a key frame is a reference.
bool is_reference(const Frame& frame) {
  const auto role = started(frame.sequence)->read(frame_obu(frame));
  REQUIRE(role);
  CHECK(role->entry == Entry::None);
  CHECK(role->is_shown == frame.is_shown);
  return role->is_reference;
}

// libaom 3.6, 16x16: the first unit, its frame cut short, and the second.
const Bytes kLibaomSequence{0x0A, 0x0A, 0x00, 0x00, 0x00, 0x01, 0x9F, 0xF9, 0xB5, 0xF2, 0x00, 0x80};
const Bytes kLibaomKey{0x32, 0x06, 0x10, 0x00, 0x80, 0x00, 0xC9, 0x67};
const Bytes kLibaomInter{0x12, 0x00, 0x32, 0x11, 0x30, 0x03, 0xC0, 0x80, 0x00, 0x00, 0x46,
                         0x81, 0x00, 0x00, 0x02, 0x00, 0x00, 0x20, 0x00, 0x76, 0x90};

}  // namespace

TEST_CASE("decoding may begin at a shown key frame") {
  started();
  started({.has_decoder_model = true});
  started({.idc = 0x107});
  started({.has_frame_ids = true});
  started({.has_order_hints = false});
  started({.chooses_tools = false});
  started({.is_reduced_still = true});
}

TEST_CASE("decoding does not begin at a hidden key frame, nor where it is shown") {
  const auto rules = started();
  auto role = rules->read(
      joined({frame_obu({.type = kKey, .is_shown = false, .refreshed = 4}), frame_obu({})}));
  REQUIRE(role);
  CHECK(role->entry == Entry::None);
  CHECK(role->is_reference);
  CHECK(role->is_shown);

  role = rules->read(existing_obu(2));
  REQUIRE(role);
  CHECK(role->entry == Entry::None);
  CHECK(role->is_reference);
}

TEST_CASE("decoding does not begin where a key frame is not the first") {
  const auto role = started()->read(joined({frame_obu({.is_shown = false}), kKeyFrame}));
  REQUIRE(role);
  CHECK(role->entry == Entry::None);
}

TEST_CASE("a frame that refreshes no slot is no reference") {
  for (const bool has_decoder_model : {false, true}) {
    for (const bool chooses_tools : {false, true}) {
      const Sequence sequence{.has_decoder_model = has_decoder_model,
                              .chooses_tools = chooses_tools};
      CAPTURE(has_decoder_model);
      CAPTURE(chooses_tools);
      CHECK_FALSE(is_reference({.sequence = sequence}));
      CHECK_FALSE(is_reference({.type = kIntraOnly, .sequence = sequence}));
      CHECK(is_reference({.refreshed = 1, .sequence = sequence}));
      CHECK(is_reference({.is_shown = false, .refreshed = 0x80, .sequence = sequence}));
      CHECK(is_reference({.type = kIntraOnly, .refreshed = 0x10, .sequence = sequence}));
      CHECK(is_reference({.type = kSwitch, .sequence = sequence}));
    }
  }
}

TEST_CASE("a frame with an id, or one that states the slots' order hints, is a reference") {
  CHECK(is_reference({.sequence = {.has_frame_ids = true}}));
  CHECK(is_reference({.is_error_resilient = true}));
  CHECK_FALSE(is_reference({.is_error_resilient = true, .sequence = {.has_order_hints = false}}));
}

TEST_CASE("showing a frame from its slot leaves nothing, unless it is a key frame") {
  const auto rules = started();
  CHECK(rules->read(existing_obu(3))->is_reference);  // the key frame
  REQUIRE(rules->read(joined({frame_obu({.is_shown = false, .refreshed = 8}), frame_obu({})})));
  const auto role = rules->read(existing_obu(3));
  REQUIRE(role);
  CHECK(role->is_shown);
  CHECK_FALSE(role->is_reference);
  CHECK(rules->read(existing_obu(2))->is_reference);
  CHECK(rules->read(existing_obu(3))->is_reference);  // now filled by that
}

TEST_CASE("after a seek any slot may hold a key frame") {
  const auto rules = started();
  REQUIRE(rules->read(frame_obu({.refreshed = 0xFF})));
  CHECK_FALSE(rules->read(existing_obu(3))->is_reference);
  rules->restart();
  CHECK(rules->read(existing_obu(3))->is_reference);
}

TEST_CASE("a unit is a reference when one of its frames is") {
  const auto role =
      started()->read(joined({frame_obu({.is_shown = false, .refreshed = 1}), frame_obu({})}));
  REQUIRE(role);
  CHECK(role->is_reference);
  CHECK(role->is_shown);
}

TEST_CASE("headers are the sequence header and the HDR metadata") {
  const Bytes head = joined({kDelimiter, sequence_header(), metadata_obu(1)});
  const Bytes unit = joined({head, metadata_obu(4), metadata_obu(2), kKeyFrame});
  const auto role = anim::make_av1_rules({})->read(unit);
  REQUIRE(role);
  REQUIRE(role->headers.size() == 3);
  const auto bytes_of = [&](std::size_t i) {
    return Bytes(role->headers[i].begin(), role->headers[i].end());
  };
  CHECK(bytes_of(0) == sequence_header());
  CHECK(bytes_of(1) == metadata_obu(1));
  CHECK(bytes_of(2) == metadata_obu(2));
}

TEST_CASE("the sequence header may come from av1C") {
  const Bytes av1c = joined({{0x81, 0, 0, 0}, sequence_header()});
  const auto rules = anim::make_av1_rules(av1c);
  REQUIRE(rules);
  const auto role = rules->read(kKeyFrame);
  REQUIRE(role);
  CHECK(role->entry == Entry::Closed);
  CHECK(role->headers.empty());
}

TEST_CASE("an av1C that is not understood") {
  CHECK_FALSE(anim::make_av1_rules(Bytes{0x81, 0, 0}));
  CHECK_FALSE(anim::make_av1_rules(Bytes{0x82, 0, 0, 0}));
  CHECK_FALSE(anim::make_av1_rules(joined({{0x81, 0, 0, 0}, obu(kSequenceHeader, {0})})));
  CHECK_FALSE(anim::make_av1_rules(joined({{0x81, 0, 0, 0}, sequence_header(), kKeyFrame})));
  CHECK(anim::make_av1_rules(Bytes{0x81, 0, 0, 0}));
}

TEST_CASE("the last OBU of a unit may have no size") {
  Bytes last{kFrame << 3};
  const Bytes header = frame_header({});
  last.insert(last.end(), header.begin(), header.end());
  const auto role = started()->read(joined({kDelimiter, last}));
  REQUIRE(role);
  CHECK_FALSE(role->is_reference);
}

TEST_CASE("temporal layers of the operating point") {
  const auto rules = started({.idc = 0x103});
  const Bytes header = frame_header({});
  CHECK_FALSE(rules->read(layer_obu(kFrame, 1, 0, header))->is_reference);
  CHECK_FALSE(rules->read(layer_obu(kFrame, 2, 0, header)));  // decoders drop it
}

TEST_CASE("spatial layers are not covered") {
  CHECK_FALSE(started()->read(layer_obu(kFrame, 0, 1, frame_header({}))));
  CHECK_FALSE(anim::make_av1_rules({})->read(
      joined({sequence_header({.idc = 0x301}), frame_obu({.type = kKey})})));
}

TEST_CASE("units that are not covered have no role") {
  const auto rules = started();
  CHECK_FALSE(rules->read(joined({frame_obu({}), frame_obu({})})));  // two shown frames
  CHECK_FALSE(rules->read(joined({kDelimiter, frame_obu({}), kDelimiter})));
  CHECK_FALSE(rules->read(joined({frame_obu({}), obu(kTileList, {0})})));
  CHECK_FALSE(rules->read(joined({kDelimiter, obu(kTileGroup, {0})})));  // no frame
  CHECK_FALSE(rules->read({}));
  CHECK_FALSE(anim::make_av1_rules({})->read(kKeyFrame));  // no sequence header
}

TEST_CASE("what is cut has no role") {
  const auto rules = started();
  const Bytes unit = frame_obu({});
  for (std::size_t size = 0; size < unit.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(rules->read(std::span(unit).first(size)));
  }
  CHECK_FALSE(rules->read(obu(kFrame, {0x30})));
  Bytes forbidden = unit;
  forbidden[0] |= 0x80;
  CHECK_FALSE(rules->read(forbidden));
  // The size of a header must be known, for it to be put before another unit.
  CHECK_FALSE(rules->read(joined({kKeyFrame, {kSequenceHeader << 3, 0, 0, 0}})));
}

TEST_CASE("units of libaom") {
  const auto rules = anim::make_av1_rules({});
  const auto key = rules->read(joined({kDelimiter, kLibaomSequence, kLibaomKey}));
  REQUIRE(key);
  CHECK(key->entry == Entry::Closed);
  const auto inter = rules->read(kLibaomInter);
  REQUIRE(inter);
  CHECK(inter->entry == Entry::None);
  CHECK(inter->is_reference);
  CHECK(inter->is_shown);
}
