// SPDX-License-Identifier: LGPL-2.1-or-later
// Prediction of blocks from the pixels above and to the left. Source: RFC 6386, section 12.
#pragma once

#include <array>
#include <cstdint>

#include "gst/core/vp8/tables.h"
#include "gst/core/vp8/transform.h"

namespace anim::vp8 {

/// Predicts a square block of `side` 16 or 8. `above` are the pixels over `out`'s place, with the
/// corner at above[-1], `left` those to the left from the top down. Where the picture has none,
/// `has_above` or `has_left` is false: only the mean minds, the others take the border's values.
struct BlockEdges {
  const std::uint8_t* above;
  const std::uint8_t* left;
  bool has_above;
  bool has_left;
};
void predict_block(BlockMode mode, const BlockEdges& edges, int side, WritableSamples out);

/// The 13 pixels around a subblock: left from the bottom up, the corner, and 8 above.
struct SubblockEdges {
  static constexpr int kCorner = 4;
  std::array<std::uint8_t, 16> at;  ///< the last three are not used
};

/// The predictions of a subblock with every mode.
struct SubblockPredictions {
  alignas(16) std::array<PackedBlock, kSubblockModes> by_mode;
};
void predict_subblock(const SubblockEdges& edges, SubblockPredictions& out);

}  // namespace anim::vp8
