// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/still_blocks.h"

#include <vector>

#include "gst/core/rgb_yuv.h"

namespace anim {

namespace {

// Of the tolerance of each pixel, what a whole macroblock may differ by. Less than all of it: what
// many pixels have in common is seen.
constexpr double kShare = 0.1;
constexpr double kPixels = kMacroblockSide * kMacroblockSide;

}  // namespace

StillBlocks::StillBlocks(double tolerance)
    : most_excess_(kShare * kPixels * tolerance * tolerance) {}

void StillBlocks::look(const ImageView& picture) {
  const Image yuv = yuv_from_rgb(picture, PixelFormat::I420);
  if (!is_known_) {
    is_known_ = true;
    shown_.reset(yuv.view());
    still_.assign(shown_.grid().size(), 0);
    return;
  }
  const std::vector<BlockChange> changes = changes_.find(yuv.view(), shown_);
  std::vector<std::uint8_t> joins(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const BlockPlace at = shown_.grid().at(i);
    still_[i] = changes[i].excess <= most_excess_ ? 1 : 0;
    if (still_[i] == 0) shown_.show(yuv.view(), {at.column, at.row, 1, 1});
    joins[i] = still_[i] != 0 && shown_.pictures(at) < kMostMean ? 1 : 0;
  }
  shown_.hold(yuv.view(), joins);
}

int StillBlocks::end_of_alike(int x, int y) const {
  const MacroblockGrid& grid = shown_.grid();
  const int row = y / kMacroblockSide;
  const int column = x / kMacroblockSide;
  const std::uint8_t still = still_[grid.index({column, row})];
  int end = column + 1;
  while (end < grid.columns() && still_[grid.index({end, row})] == still) ++end;
  return grid.pixels(BlockPlace{end - 1, row}).right();
}

}  // namespace anim
