// SPDX-License-Identifier: LGPL-2.1-or-later
// Which macroblocks of a picture are encoded: all of a rectangle, or some of it through a mask.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/geometry.h"
#include "gst/core/macroblock_grid.h"

namespace anim {

/// What encoding a macroblock costs, and what leaving it as it is costs.
struct BlockPrice {
  double bits = 0;  ///< of encoding it
  double loss = 0;  ///< of leaving it: the bits that its error would be worth
};

/// The macroblocks to encode.
struct CodedRegion {
  Rect blocks;                     ///< in macroblocks; empty when nothing is encoded
  std::vector<std::uint8_t> mask;  ///< of `blocks`, row by row: which are encoded; empty = all

  [[nodiscard]] bool is_empty() const { return blocks.is_empty(); }
  [[nodiscard]] bool is_masked() const { return !mask.empty(); }
  /// Whether the macroblock is encoded.
  [[nodiscard]] bool has(BlockPlace at) const;
  /// The place of a macroblock inside of `blocks`, counted row by row.
  [[nodiscard]] std::size_t index(BlockPlace at) const;
};

/// The cheapest region that has each macroblock whose loss is more than its bits. `prices` are
/// those of `grid`. A mask costs bits of its own, and macroblocks beside its holes cost more: they
/// have no neighbours to be predicted from. Without `may_mask` the region is a rectangle.
[[nodiscard]] CodedRegion choose_region(const MacroblockGrid& grid,
                                        std::span<const BlockPrice> prices, bool may_mask);

}  // namespace anim
