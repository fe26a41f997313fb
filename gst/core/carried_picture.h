// SPDX-License-Identifier: LGPL-2.1-or-later
// What an animation shows: the source of each macroblock as it was when it was last encoded.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/image.h"
#include "gst/core/macroblock_grid.h"

namespace anim {

/// How many times the squared error of a level counts that a whole block of 8x8 is off by: it is
/// seen more than as much error of detail.
inline constexpr double kLevelWeight = 3;

/// How a macroblock of a picture differs from what is shown there.
struct BlockChange {
  /// Mean squared difference, without what all samples of an 8x8 block have in common: that of one
  /// noisy picture from a clean one, whether or not it fades.
  double luma = 0;
  double excess = 0;  ///< squared error of all samples that noise does not explain
  /// Of it, what is no common level of the samples of an 8x8 block; without the weight of levels.
  double detail = 0;
  /// What excess would be of common levels alone, with their weight: at most excess; 0 for another
  /// alpha.
  double drift = 0;
  /// The largest square of what the samples of an 8x8 block have in common, noise and all.
  double level = 0;
};

/// Holds the *source* that each macroblock was last encoded from, never the picture before: slow
/// changes add up until they are seen. While a macroblock stays, its source is the mean of the
/// pictures that it stands for, which has less noise than any one of them.
class CarriedPicture {
 public:
  /// How many pictures a mean is of, at most.
  static constexpr int kMostPictures = 255;

  /// Shows all of `picture` (I420 or A420).
  void reset(const ImageView& picture);
  /// Whether `picture` has the format and the size of what is shown.
  [[nodiscard]] bool is_like(const ImageView& picture) const;

  /// `noise` is the variance of a sample of luma over time where nothing moves. A difference of
  /// alpha is beyond any error; what is wholly transparent has none.
  [[nodiscard]] BlockChange change(const ImageView& picture, BlockPlace at, double noise) const;

  /// The macroblocks of a rectangle are encoded from `picture`.
  void show(const ImageView& picture, const Rect& blocks);
  /// The macroblocks that `stay` (by macroblock, not 0) stand for `picture` as well.
  void hold(const ImageView& picture, std::span<const std::uint8_t> stay);

  /// How many pictures the macroblock's source is the mean of.
  [[nodiscard]] int pictures(BlockPlace at) const { return counts_[grid_.index(at)]; }

  [[nodiscard]] ImageView view() const { return shown_.view(); }
  [[nodiscard]] const MacroblockGrid& grid() const { return grid_; }

 private:
  [[nodiscard]] int end_of_run(BlockPlace first, std::span<const std::uint8_t> stay) const;
  void hold_run(const ImageView& picture, const Rect& blocks);
  void join_mean(const ImageView& picture, const Rect& blocks, int plane, std::uint16_t* sums);

  Image shown_;
  MacroblockGrid grid_;
  std::vector<std::uint16_t> sums_;   ///< of the pictures in each mean, by sample of Y, U, V; empty
                                      ///< while none is of several
  std::vector<std::uint8_t> counts_;  ///< how many pictures, by macroblock
};

}  // namespace anim
