// SPDX-License-Identifier: LGPL-2.1-or-later
// What is written of a macroblock, and what its neighbours must know of it.
// Source: RFC 6386, sections 8, 11 and 13.
#pragma once

#include <array>
#include <cstdint>

#include "gst/core/vp8/coefficients.h"
#include "gst/core/vp8/tables.h"

namespace anim::vp8 {

/// The blocks of a macroblock: 16 of luma in raster order, 4 of U, 4 of V, luma's DCs.
inline constexpr int kLumaBlocks = 16;
inline constexpr int kFirstU = 16;
inline constexpr int kFirstV = 20;
inline constexpr int kLumaDcBlock = 24;
inline constexpr int kBlocks = 25;

/// How a macroblock is predicted.
struct Macroblock {
  bool has_subblocks = false;                         ///< luma is predicted by subblock
  BlockMode luma = BlockMode::Dc;                     ///< unless it has subblocks
  std::array<SubblockMode, kLumaBlocks> subblocks{};  ///< else what neighbours take them for
  BlockMode chroma = BlockMode::Dc;
};

using MacroblockLevels = std::array<Levels, kBlocks>;

/// What is known of the macroblock above, or of the one to the left, along the common side: which
/// blocks have coefficients, and luma's modes.
struct Side {
  std::array<std::uint8_t, 4> luma{};
  std::array<std::uint8_t, 2> u{};
  std::array<std::uint8_t, 2> v{};
  std::uint8_t luma_dc = 0;
  std::array<SubblockMode, 4> modes{};
};

/// Calls visit(type, block) for each block that is written, in order.
template <class Visit>
void visit_blocks(const Macroblock& macroblock, Visit visit) {
  if (!macroblock.has_subblocks) visit(BlockType::LumaDc, kLumaDcBlock);
  const BlockType luma = macroblock.has_subblocks ? BlockType::Luma : BlockType::LumaWithoutDc;
  for (int block = 0; block < kFirstU; ++block) visit(luma, block);
  for (int block = kFirstU; block < kLumaDcBlock; ++block) visit(BlockType::Chroma, block);
}

/// visit(type, block, context) with how many of the blocks above and to the left have coefficients
/// (section 13.3); `above` and `left` become those of the macroblocks below and to the right.
template <class Visit>
void visit_blocks_in_context(const Macroblock& macroblock, const MacroblockLevels& levels,
                             Side& above, Side& left, Visit visit) {
  visit_blocks(macroblock, [&](BlockType type, int block) {
    const auto pass = [&](std::uint8_t& over, std::uint8_t& beside) {
      visit(type, block, over + beside);
      over = beside = levels[block].count > first_coefficient(type) ? 1 : 0;
    };
    if (block == kLumaDcBlock) return pass(above.luma_dc, left.luma_dc);
    if (block >= kFirstV) return pass(above.v[block % 2], left.v[(block - kFirstV) / 2]);
    if (block >= kFirstU) return pass(above.u[block % 2], left.u[(block - kFirstU) / 2]);
    pass(above.luma[block % 4], left.luma[block / 4]);
  });
}

[[nodiscard]] bool has_coefficients(const Macroblock& macroblock, const MacroblockLevels& levels);

/// What `side` says after a macroblock without coefficients. That of luma's DCs stays when the
/// macroblock has no such block.
void pass_without_coefficients(const Macroblock& macroblock, Side& side);

/// Notes the modes along the bottom and the right.
void pass_modes(const Macroblock& macroblock, Side& above, Side& left);

}  // namespace anim::vp8
