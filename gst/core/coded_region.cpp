// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/coded_region.h"

#include <algorithm>
#include <utility>

namespace anim {
namespace {

// In bits, by trial on real clips.
constexpr double kMask = 400;      // the chunk of alpha
constexpr double kEdge = 40;       // of an encoded macroblock beside one that is not
constexpr double kInHoles = 15;    // of each macroblock that is encoded through a mask
constexpr int kClosingRounds = 2;  // until holes too small to pay are closed

using Flags = std::vector<std::uint8_t>;  // by macroblock of the picture

Rect bounds(const MacroblockGrid& grid, const Flags& coded) {
  int left = grid.columns();
  int right = 0;
  int top = grid.rows();
  int bottom = 0;
  for (std::size_t i = 0; i < coded.size(); ++i) {
    if (coded[i] == 0) continue;
    const auto [column, row] = grid.at(i);
    left = std::min(left, column);
    right = std::max(right, column + 1);
    top = std::min(top, row);
    bottom = std::max(bottom, row + 1);
  }
  return {left, top, right - left, bottom - top};
}

/// How many more edges there are when macroblock `i` is not encoded than when it is.
int edges_without(const MacroblockGrid& grid, const Flags& coded, std::size_t i) {
  const auto [column, row] = grid.at(i);
  const auto columns = static_cast<std::size_t>(grid.columns());
  int edges = 0;
  const auto count = [&](std::size_t beside) { edges += coded[beside] != 0 ? 1 : -1; };
  if (column > 0) count(i - 1);
  if (column + 1 < grid.columns()) count(i + 1);
  if (row > 0) count(i - columns);
  if (row + 1 < grid.rows()) count(i + columns);
  return edges;
}

Flags closed(const MacroblockGrid& grid, std::span<const BlockPrice> prices, const Flags& coded) {
  Flags out = coded;
  for (std::size_t i = 0; i < coded.size(); ++i) {
    if (coded[i] != 0) continue;
    out[i] = prices[i].bits - prices[i].loss < kEdge * edges_without(grid, coded, i) ? 1 : 0;
  }
  return out;
}

/// The bits that leaving the holes of `region` saves.
double saved_by(const CodedRegion& region, const MacroblockGrid& grid,
                std::span<const BlockPrice> prices) {
  double saved = -kMask;
  for (int row = region.blocks.y; row < region.blocks.bottom(); ++row) {
    bool was_coded = false;
    for (int column = region.blocks.x; column < region.blocks.right(); ++column) {
      const BlockPrice& price = prices[grid.index({column, row})];
      const bool is_coded = region.has({column, row});
      saved += is_coded ? -kInHoles : price.bits - price.loss;
      if (column > region.blocks.x && is_coded != was_coded) saved -= kEdge;
      was_coded = is_coded;
    }
  }
  return saved;
}

CodedRegion masked(const MacroblockGrid& grid, const Flags& coded) {
  CodedRegion region{.blocks = bounds(grid, coded), .mask = {}};
  for (int row = region.blocks.y; row < region.blocks.bottom(); ++row) {
    for (int column = region.blocks.x; column < region.blocks.right(); ++column) {
      region.mask.push_back(coded[grid.index({column, row})]);
    }
  }
  return region;
}

}  // namespace

std::size_t CodedRegion::index(BlockPlace at) const {
  return static_cast<std::size_t>(at.row - blocks.y) * static_cast<std::size_t>(blocks.width) +
         static_cast<std::size_t>(at.column - blocks.x);
}

bool CodedRegion::has(BlockPlace at) const {
  const bool is_inside = at.column >= blocks.x && at.column < blocks.right() &&
                         at.row >= blocks.y && at.row < blocks.bottom();
  return is_inside && (mask.empty() || mask[index(at)] != 0);
}

CodedRegion choose_region(const MacroblockGrid& grid, std::span<const BlockPrice> prices,
                          bool may_mask) {
  Flags coded(prices.size());
  std::transform(prices.begin(), prices.end(), coded.begin(), [](const BlockPrice& price) {
    return static_cast<std::uint8_t>(price.loss > price.bits);
  });
  CodedRegion whole{.blocks = bounds(grid, coded), .mask = {}};
  if (whole.is_empty() || !may_mask) return whole;
  for (int round = 0; round < kClosingRounds; ++round) coded = closed(grid, prices, coded);
  CodedRegion holed = masked(grid, coded);
  return saved_by(holed, grid, prices) > 0 ? std::move(holed) : std::move(whole);
}

}  // namespace anim
