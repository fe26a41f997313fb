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
    still_[i] = changes[i].excess <= most_excess_ ? 1 : 0;
    joins[i] = still_[i] != 0 && shown_.pictures(shown_.grid().at(i)) < kMostMean ? 1 : 0;
  }
  show_moved(yuv.view());
  shown_.hold(yuv.view(), joins);
}

void StillBlocks::show_moved(const ImageView& picture) {
  const MacroblockGrid& grid = shown_.grid();
  for (int row = 0; row < grid.rows(); ++row) {
    for (int column = 0; column < grid.columns();) {
      const BlockPlace first = {column, row};
      column = end_of_run(first);
      if (still_[grid.index(first)] == 0) {
        shown_.show(picture, {first.column, row, column - first.column, 1});
      }
    }
  }
}

/// The column after the macroblocks of a row, from `first` on, that are like it.
int StillBlocks::end_of_run(BlockPlace first) const {
  const MacroblockGrid& grid = shown_.grid();
  const std::uint8_t still = still_[grid.index(first)];
  int end = first.column + 1;
  while (end < grid.columns() && still_[grid.index({end, first.row})] == still) ++end;
  return end;
}

int StillBlocks::end_of_alike(int x, int y) const {
  const BlockPlace first = {x / kMacroblockSide, y / kMacroblockSide};
  return shown_.grid().pixels(BlockPlace{end_of_run(first) - 1, first.row}).right();
}

}  // namespace anim
