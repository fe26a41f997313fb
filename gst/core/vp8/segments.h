// SPDX-License-Identifier: LGPL-2.1-or-later
// Which parts of a picture may be coded more coarsely than others.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/image.h"

namespace anim::vp8 {

inline constexpr int kMaxSegments = 4;
/// That of macroblocks that are wholly transparent, where a picture has any.
inline constexpr int kHoleSegment = kMaxSegments - 1;

/// Macroblocks of like texture, and how finely each kind is coded.
struct Segmentation {
  std::array<int, kMaxSegments> index{};  ///< of the quantiser
  std::vector<std::uint8_t> of;           ///< by macroblock, in raster order; empty for one segment
  bool has_holes = false;                 ///< whether any macroblock cannot be seen

  [[nodiscard]] bool has_several() const { return !of.empty(); }
  [[nodiscard]] bool is_hole(std::size_t macroblock) const {
    return has_holes && of[macroblock] == kHoleSegment;
  }
};

/// The eye sees errors less where a picture is busy, more where it is smooth: steps grow with the
/// power `masking` of a macroblock's own contrast, around those of `index`, but not without bound:
/// the worst blocks are busy ones, and beside parts with finer steps none is coarser. What is flat
/// all over does not count: it would make all else look busy. `step_powers`, by macroblock, are
/// added to the logarithms (base 2) of the steps; empty = none. Holes have a segment of their own.
/// Without masking and powers all else is one segment.
[[nodiscard]] Segmentation choose_segments(const ImageView& picture, double index, double masking,
                                           std::span<const float> step_powers = {});

}  // namespace anim::vp8
