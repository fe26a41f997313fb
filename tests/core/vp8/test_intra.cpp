// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>

#include <doctest/doctest.h>

#include "gst/core/vp8/intra.h"

namespace {

using anim::vp8::BlockEdges;
using anim::vp8::BlockMode;
using anim::vp8::SubblockEdges;
using anim::vp8::SubblockMode;

constexpr int kSide = 8;

std::array<std::uint8_t, kSide * kSide> predicted(BlockMode mode, bool has_above, bool has_left) {
  const std::array<std::uint8_t, 1 + kSide> above = {10, 20, 30, 40, 50, 60, 70, 80, 90};
  const std::array<std::uint8_t, kSide> left = {5, 15, 25, 35, 45, 55, 65, 250};
  std::array<std::uint8_t, kSide * kSide> out{};
  predict_block(mode, {above.data() + 1, left.data(), has_above, has_left}, kSide,
                {out.data(), kSide});
  return out;
}

/// The pixel of a subblock's prediction. The edge, from the bottom of the left column over the
/// corner to the right: 1 4 9 16 | 25 | 36 49 64 81 100 121 144 169.
int subblock_pixel(SubblockMode mode, int x, int y) {
  SubblockEdges edges{};
  for (int i = 0; i < 13; ++i) edges.at.at(i) = static_cast<std::uint8_t>((i + 1) * (i + 1));
  anim::vp8::SubblockPredictions predictions;
  predict_subblock(edges, predictions);
  return predictions.by_mode.at(static_cast<int>(mode)).at(4 * y + x);
}

}  // namespace

TEST_CASE("blocks are predicted from their edges") {
  CHECK(predicted(BlockMode::Vertical, true, true)[8 * 5 + 2] == 40);
  CHECK(predicted(BlockMode::Horizontal, true, true)[8 * 5 + 2] == 55);
  CHECK(predicted(BlockMode::TrueMotion, true, true)[8 * 3 + 2] == 35 + 40 - 10);
  CHECK(predicted(BlockMode::TrueMotion, true, true)[8 * 7 + 7] == 255);
  CHECK(predicted(BlockMode::TrueMotion, true, true)[0] == 15);
}

TEST_CASE("the mean takes what edges there are") {
  CHECK(predicted(BlockMode::Dc, true, true)[0] == (440 + 495 + 8) / 16);
  CHECK(predicted(BlockMode::Dc, true, false)[0] == 55);
  CHECK(predicted(BlockMode::Dc, false, true)[0] == (495 + 4) / 8);
  CHECK(predicted(BlockMode::Dc, false, false)[0] == 128);
}

// By hand after RFC 6386, section 12.3. Pixels are at x, y.
TEST_CASE("subblocks are predicted from their edges") {
  CHECK(subblock_pixel(SubblockMode::Dc, 2, 2) == (1 + 4 + 9 + 16 + 36 + 49 + 64 + 81 + 4) / 8);
  CHECK(subblock_pixel(SubblockMode::TrueMotion, 1, 2) == 4 + 49 - 25);
  CHECK(subblock_pixel(SubblockMode::Vertical, 0, 3) == (25 + 2 * 36 + 49 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::Vertical, 3, 0) == (64 + 2 * 81 + 100 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::Horizontal, 1, 0) == (25 + 2 * 16 + 9 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::Horizontal, 1, 3) == (4 + 3 * 1 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::RightDown, 1, 1) == (16 + 2 * 25 + 36 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::RightDown, 0, 3) == (1 + 2 * 4 + 9 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::LeftDown, 0, 0) == (36 + 2 * 49 + 64 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::LeftDown, 3, 3) == (144 + 3 * 169 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::VerticalRight, 0, 0) == (25 + 36 + 1) / 2);
  CHECK(subblock_pixel(SubblockMode::VerticalRight, 0, 3) == (4 + 2 * 9 + 16 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::VerticalRight, 3, 1) == (49 + 2 * 64 + 81 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::VerticalLeft, 3, 2) == (100 + 2 * 121 + 144 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::VerticalLeft, 3, 3) == (121 + 2 * 144 + 169 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::VerticalLeft, 1, 0) == (49 + 64 + 1) / 2);
  CHECK(subblock_pixel(SubblockMode::HorizontalDown, 0, 0) == (16 + 25 + 1) / 2);
  CHECK(subblock_pixel(SubblockMode::HorizontalDown, 3, 0) == (36 + 2 * 49 + 64 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::HorizontalDown, 1, 3) == (1 + 2 * 4 + 9 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::HorizontalUp, 0, 0) == (16 + 9 + 1) / 2);
  CHECK(subblock_pixel(SubblockMode::HorizontalUp, 3, 1) == (4 + 3 * 1 + 2) / 4);
  CHECK(subblock_pixel(SubblockMode::HorizontalUp, 3, 3) == 1);
}
