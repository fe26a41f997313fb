// SPDX-License-Identifier: LGPL-2.1-or-later
// Quantisation. Source: RFC 6386, section 14.1.
#pragma once

#include <array>

#include "gst/core/vp8/block.h"
#include "gst/core/vp8/coefficients.h"

namespace anim::vp8 {

inline constexpr int kMaxIndex = 127;

/// What is added before rounding down, in 1/256 of a step: for the first coefficient and the
/// others, of which the finer ones get less.
struct Rounding {
  int dc;
  int ac;
};

/// Turns coefficients into levels and back, with one step for the first and one for the others.
class Quantizer {
 public:
  Quantizer() = default;
  Quantizer(int dc_step, int ac_step, Rounding rounding);

  /// `coefficients` becomes what the decoder makes of the levels. The first of a block of
  /// LumaWithoutDc is left as it is.
  void quantize(BlockType type, Coefficients& coefficients, Levels& levels) const;

  [[nodiscard]] int ac_step() const { return steps_.step[1]; }

 private:
  QuantizerSteps steps_;
};

/// The three quantisers of a segment.
struct SegmentQuantizers {
  Quantizer luma;
  Quantizer luma_dc;
  Quantizer chroma;
};

/// By how much the indices of the DC of luma, the DC and the others of luma's DCs, and the DC and
/// the others of chroma differ from that of luma, in the order in which a frame says them
/// (section 9.6).
inline constexpr std::array<int, 5> kIndexDeltas = {-4, -2, 0, -6, 2};

/// Those of `index` 0 (fine) to 127 (coarse).
[[nodiscard]] SegmentQuantizers quantizers_at(int index);

}  // namespace anim::vp8
