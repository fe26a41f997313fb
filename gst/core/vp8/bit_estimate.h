// SPDX-License-Identifier: LGPL-2.1-or-later
// How many bits a macroblock will take, without coding it.
#pragma once

#include "gst/core/image.h"

namespace anim::vp8 {

/// Estimates at one step of the quantiser.
class BitEstimate {
 public:
  /// `ac_step` is luma's.
  explicit BitEstimate(int ac_step) : ac_step_(ac_step) {}

  /// Of the macroblock at `column` and `row` of `picture` (I420 or A420) when its neighbours are
  /// coded, too.
  [[nodiscard]] double bits(const ImageView& picture, int column, int row) const;

 private:
  int ac_step_;
};

}  // namespace anim::vp8
