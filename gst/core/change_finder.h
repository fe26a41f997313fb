// SPDX-License-Identifier: LGPL-2.1-or-later
// What of a picture is worth encoding again with losses.
#pragma once

#include <vector>

#include "gst/core/block_changes.h"
#include "gst/core/carried_picture.h"
#include "gst/core/coded_region.h"
#include "gst/core/image.h"
#include "gst/core/vp8/bit_estimate.h"

namespace anim {

/// Weighs, macroblock by macroblock, the bits of encoding it against the error of leaving it: no
/// fixed threshold is right both for dark soft pictures, where bits are few and small errors seen,
/// and for noisy or busy ones.
class ChangeFinder {
 public:
  /// `ac_step` is that of luma's quantiser (vp8::ac_step_at()).
  explicit ChangeFinder(int ac_step);

  /// Something else is shown than what the pictures before led to.
  void forget() { fade_ = {}; }

  /// The region of `picture` to encode where `shown`, a picture like it, is on screen. Pictures
  /// come in order: the clip's noise is learnt from them.
  [[nodiscard]] CodedRegion find(const ImageView& picture, const CarriedPicture& shown);

 private:
  /// A change of levels too faint to be seen, as long as it goes on.
  class Fade {
   public:
    /// Whether a picture waits: each picture of a slow fade would take as many bits as the whole.
    /// `drift` is that of all macroblocks, `fades`: whether most of them do, `is_faint`: nowhere so
    /// much that it is seen. The first picture of a change does not wait, nor does the last one of
    /// a fade, if another comes.
    [[nodiscard]] bool waits(double drift, bool fades, bool is_faint);

    /// Whether the latest picture waits.
    [[nodiscard]] bool is_waiting() const { return waiting_ > 0; }

   private:
    bool is_change_ = false;  ///< of any level, in the latest picture
    double waiting_ = 0;      ///< its drift, if it waits
  };

  [[nodiscard]] bool is_faint(const std::vector<BlockChange>& changes) const;
  [[nodiscard]] BlockPrice price(const ImageView& picture, BlockPlace at, double loss,
                                 double& known);

  double error_per_bit_;
  double most_late_;  ///< BlockChange::level that may wait
  Fade fade_;
  vp8::BitEstimate estimate_;
  BlockChanges changes_;
  std::vector<double> bits_;  ///< by macroblock, when they were estimated last; 0 = unknown
};

}  // namespace anim
