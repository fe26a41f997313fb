// SPDX-License-Identifier: LGPL-2.1-or-later
// Which macroblocks of a picture show no more than what is on screen and noise.
#pragma once

#include <cstdint>
#include <vector>

#include "gst/core/block_changes.h"
#include "gst/core/carried_picture.h"
#include "gst/core/image.h"
#include "gst/core/macroblock_grid.h"

namespace anim {

/// Compares packed pictures, in YUV, with what is on screen: CarriedPicture for a format that
/// decides pixel by pixel. A pixel alone cannot tell noise from a faint change, a block of them
/// can.
class StillBlocks {
 public:
  static constexpr int kMostMean = 13;

  /// `tolerance`: levels of a channel by which pixels may differ and stay.
  explicit StillBlocks(double tolerance);

  /// Compares `picture` (packed, each of the same size; which of its colours is red says nothing of
  /// stillness) with what is on screen. Macroblocks that moved are on screen from then on; those
  /// that are still stand for it as well, until they stand for kMostMean pictures: a mean that
  /// never ends would follow a slow drift.
  void look(const ImageView& picture);
  /// Something else is on screen: every macroblock of the next picture has moved.
  void forget() { is_known_ = false; }

  /// Whether the macroblock of a pixel was still in the latest picture.
  [[nodiscard]] bool is_still(int x, int y) const {
    return still_[shown_.grid().index({x / kMacroblockSide, y / kMacroblockSide})] != 0;
  }
  /// The right edge (exclusive) of the macroblocks, from that of (x, y) on to the right, that all
  /// were still or all had moved.
  [[nodiscard]] int end_of_alike(int x, int y) const;
  /// The variance of a sample over time where nothing moves.
  [[nodiscard]] double noise() const { return changes_.noise(); }

 private:
  void show_moved(const ImageView& picture);
  [[nodiscard]] int end_of_run(BlockPlace first) const;

  double most_excess_;  ///< of a macroblock that stays
  CarriedPicture shown_;
  BlockChanges changes_;
  bool is_known_ = false;
  std::vector<std::uint8_t> still_;  ///< by macroblock
};

}  // namespace anim
