// SPDX-License-Identifier: LGPL-2.1-or-later
// The constants of VP8 key frames. Source: RFC 6386; the section is named at each.
#pragma once

#include <array>
#include <cstdint>

namespace anim::vp8 {

/// What a block of 16 coefficients holds (section 13.3).
enum class BlockType { LumaWithoutDc, LumaDc, Chroma, Luma };

/// The probability of a zero at each of the 11 nodes of the token tree, by block type, band of the
/// coefficient's place, and context of what came before (section 13.3).
using NodeProbabilities = std::array<std::uint8_t, 11>;
using BandProbabilities = std::array<NodeProbabilities, 3>;
using CoefficientProbabilities = std::array<std::array<BandProbabilities, 8>, 4>;

/// Section 13.5.
extern const CoefficientProbabilities kDefaultCoefficientProbabilities;
/// That a probability is left as it is (section 13.4).
extern const CoefficientProbabilities kCoefficientUpdateProbabilities;

/// The band of the coefficient at a place in zigzag order (section 13.3). One more than there are
/// places, for the context after the last.
inline constexpr std::array<std::uint8_t, 17> kBands = {0, 1, 2, 3, 6, 4, 5, 6, 6,
                                                        6, 6, 6, 6, 6, 6, 7, 0};
/// The raster index of the coefficient at a place in zigzag order (section 13).
inline constexpr std::array<std::uint8_t, 16> kZigzag = {0, 1,  4,  8,  5, 2,  3,  6,
                                                         9, 12, 13, 10, 7, 11, 14, 15};

/// How 16x16 luma and 8x8 chroma are predicted (section 8.2).
enum class BlockMode : std::uint8_t { Dc, TrueMotion, Vertical, Horizontal };
inline constexpr int kBlockModes = 4;

/// How a 4x4 subblock of luma is predicted, in the order of the tree of section 11.2. The first
/// four are BlockMode's.
enum class SubblockMode : std::uint8_t {
  Dc,
  TrueMotion,
  Vertical,
  Horizontal,
  RightDown,
  VerticalRight,
  LeftDown,
  VerticalLeft,
  HorizontalDown,
  HorizontalUp,
};
inline constexpr int kSubblockModes = 10;

/// The tree of subblock modes: pairs of what follows a 0 and a 1. A positive entry is the next
/// pair, another one is the mode -entry (section 11.2).
inline constexpr std::array<int, 18> kSubblockModeTree = {0, 1,  -1, 2,  -2, 3,  4, 6,  -3,
                                                          5, -4, -5, -6, 7,  -7, 8, -8, -9};
/// By the mode above, the mode to the left, and the node of the tree (section 11.5).
extern const std::array<std::array<std::array<std::uint8_t, 9>, 10>, 10> kSubblockModeProbabilities;

/// The quantiser's steps by index 0 to 127 (section 14.1).
extern const std::array<std::uint8_t, 128> kDcSteps;
extern const std::array<std::uint16_t, 128> kAcSteps;

}  // namespace anim::vp8
