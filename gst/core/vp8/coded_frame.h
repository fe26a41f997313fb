// SPDX-License-Identifier: LGPL-2.1-or-later
// All macroblocks of a picture, chosen and quantised, before they are written: how often each token
// comes up is only known then.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/image.h"
#include "gst/core/vp8/macroblock.h"
#include "gst/core/vp8/search.h"
#include "gst/core/vp8/segments.h"

namespace anim::vp8 {

/// A macroblock and the part of the picture that it belongs to.
struct CodedMacroblock {
  Macroblock modes;
  std::uint8_t segment = 0;
  bool has_coefficients = false;
};

/// What of a picture is written.
struct CodedFrame {
  int columns = 0;  ///< macroblocks a row
  int rows = 0;
  std::vector<CodedMacroblock> macroblocks;  ///< in raster order
  /// For each block that is written, in order: how many levels, and they in zigzag order.
  std::vector<std::int16_t> levels;
  TokenCounts counts;
};

/// Codes the macroblocks of `picture` (I420 or A420) in raster order.
[[nodiscard]] CodedFrame code_frame(const ImageView& picture, const Segmentation& segments,
                                    std::span<const SegmentCoding, kMaxSegments> codings,
                                    SearchEffort effort);

/// Reads CodedFrame::levels, one macroblock after another.
class LevelReader {
 public:
  explicit LevelReader(const CodedFrame& frame) : next_(frame.levels.begin()) {}
  /// Those of the blocks that `macroblock` has.
  void read(const Macroblock& macroblock, MacroblockLevels& levels);

 private:
  std::vector<std::int16_t>::const_iterator next_;
};

}  // namespace anim::vp8
