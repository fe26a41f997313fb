// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/vp8l/code_groups.h"

using namespace anim::vp8l;

namespace {

/// Pixels of 128 by 64, of which `color(x)` says the green.
template <class Color>
std::vector<Token> tokens_of(Color color) {
  std::vector<Token> tokens;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 128; ++x) tokens.push_back({static_cast<std::uint32_t>(color(x)) << 8});
  }
  return tokens;
}

}  // namespace

TEST_CASE("halves of other colours have codes of their own") {
  std::mt19937 random(1);
  const auto tokens =
      tokens_of([&](int x) { return x < 64 ? random() % 16 : 100 + random() % 16; });
  const CodeGroups groups = code_groups(128, 64, 5, tokens, 0);
  CHECK(groups.groups.size() == 2);
  CHECK(groups.of_tile == std::vector<std::uint16_t>{0, 0, 1, 1, 0, 0, 1, 1});
  CHECK(groups.groups[0].of(Alphabet::Green)[100] == 0);
  CHECK(groups.groups[1].of(Alphabet::Green)[100] > 0);
}

TEST_CASE("what is alike throughout has one group") {
  std::mt19937 random(1);
  const auto tokens = tokens_of([&](int) { return random() % 16; });
  const CodeGroups groups = code_groups(128, 64, 5, tokens, 0);
  CHECK(groups.groups.size() == 1);
  CHECK(groups.of_tile == std::vector<std::uint16_t>(8, 0));
}

TEST_CASE("a copy belongs to the tile in which it begins") {
  const std::vector<Token> tokens = {
      {0xFF00}, {1, 127, Token::Kind::Copy}, {1, 64, Token::Kind::Copy}};
  const CodeGroups groups = code_groups(64, 3, 5, tokens, 0);
  CHECK(groups.tiles.columns == 2);
  CHECK(groups.tiles.rows == 1);
  CHECK(groups.groups.size() == 1);
  CHECK(groups.groups[0].of(Alphabet::Distance)[0] == 2);
}

TEST_CASE("the largest pictures have no more tiles than others") {
  const int side = 16384;
  std::vector<Token> tokens = {{0xFF00}};
  const std::size_t pixels = std::size_t{side} * side;
  for (std::size_t at = 1; at < pixels; at += tokens.back().length) {
    const auto length =
        static_cast<std::uint16_t>(std::min<std::size_t>(pixels - at, kLongestCopy));
    tokens.push_back({1, length, Token::Kind::Copy});
  }
  const CodeGroups groups = code_groups(side, side, 5, tokens, 10);
  CHECK(groups.tiles.bits == 9);
  CHECK(groups.of_tile.size() == 1024);
}
