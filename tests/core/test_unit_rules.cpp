// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include <doctest/doctest.h>

#include "gst/core/unit_rules.h"

using anim::Codec;
using anim::Entry;
using anim::make_unit_rules;
using anim::unit_order;

TEST_CASE("of a codec of whole pictures every unit is an entry that nothing refers to") {
  const auto rules = make_unit_rules({.codec = Codec::AllKey, .codec_data = {}});
  REQUIRE(rules);
  const std::array<std::uint8_t, 2> unit{0xFF, 0xD8};
  const auto role = rules->read(unit);
  REQUIRE(role);
  CHECK(role->entry == Entry::Closed);
  CHECK_FALSE(role->is_reference);
  CHECK(role->is_shown);
  CHECK_FALSE(rules->read({}));
}

TEST_CASE("every codec has a rule, and codec data that is not understood has none") {
  for (const Codec codec : {Codec::H264, Codec::H265, Codec::Vp8, Codec::Vp9, Codec::Av1,
                            Codec::MpegVideo, Codec::Mpeg4, Codec::AllKey}) {
    CHECK(make_unit_rules({.codec = codec, .codec_data = {}}) != nullptr);
  }
  for (const Codec codec : {Codec::H264, Codec::H265, Codec::Av1}) {
    CHECK(make_unit_rules({.codec = codec, .codec_data = {0x77, 0x01}}) == nullptr);
  }
}

TEST_CASE("only codecs with pictures in between reorder") {
  CHECK(unit_order(Codec::H264).reorder_limit == 32);
  CHECK(unit_order(Codec::MpegVideo).disposable_precedes_anchor);
  CHECK(unit_order(Codec::Vp9).reorder_limit == 0);
  CHECK(unit_order(Codec::AllKey).reorder_limit == 0);
}
