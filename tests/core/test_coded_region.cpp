// SPDX-License-Identifier: LGPL-2.1-or-later
// Which macroblocks are encoded, from prices that are made up.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/coded_region.h"

namespace {

using anim::BlockPrice;
using anim::CodedRegion;
using anim::MacroblockGrid;
using anim::Rect;

const MacroblockGrid kGrid({10 * 16, 6 * 16});

/// '#': worth encoding, '.': not at all, 'o': nearly. 200 bits each.
std::vector<BlockPrice> prices(const std::vector<std::string>& rows) {
  std::vector<BlockPrice> made;
  for (const std::string& row : rows) {
    for (const char c : row) made.push_back({200, c == '#' ? 1000.0 : (c == 'o' ? 190.0 : 0.0)});
  }
  return made;
}

std::string drawn(const CodedRegion& region) {
  std::string text;
  for (std::size_t i = 0; i < kGrid.size(); ++i) text += region.has(kGrid.at(i)) ? '#' : '.';
  return text;
}

}  // namespace

TEST_CASE("nothing is encoded where nothing pays") {
  const std::vector<BlockPrice> none(kGrid.size(), {200, 199});
  CHECK(choose_region(kGrid, none, true).is_empty());
  CHECK(choose_region(kGrid, none, false).is_empty());
}

TEST_CASE("what is close together is one opaque rectangle") {
  const auto region = choose_region(
      kGrid,
      prices({"..........", ".##.......", ".##.......", "..........", "..........", ".........."}),
      true);
  CHECK(region.blocks == Rect{1, 1, 2, 2});
  CHECK_FALSE(region.is_masked());
}

TEST_CASE("what is far apart is masked, unless there may be no mask") {
  const auto far =
      prices({"##........", "##........", "..........", "..........", "........##", "........##"});
  const auto masked = choose_region(kGrid, far, true);
  CHECK(masked.is_masked());
  CHECK(drawn(masked) == "##........##....................................##........##");
  const auto opaque = choose_region(kGrid, far, false);
  CHECK(opaque.blocks == Rect{0, 0, 10, 6});
  CHECK_FALSE(opaque.is_masked());
}

TEST_CASE("a hole that costs more than it saves is closed") {
  const auto region = choose_region(
      kGrid,
      prices({"###.......", "#o#.......", "###.......", "..........", "........##", "........##"}),
      true);
  REQUIRE(region.is_masked());
  CHECK(region.has({1, 1}));
  CHECK_FALSE(region.has({5, 3}));
}

TEST_CASE("a mask must save more than it costs") {
  // Two macroblocks of nearly no bits between those that are encoded.
  auto cheap =
      prices({"#..#......", "..........", "..........", "..........", "..........", ".........."});
  cheap[1].bits = cheap[2].bits = 20;
  CHECK_FALSE(choose_region(kGrid, cheap, true).is_masked());
}
