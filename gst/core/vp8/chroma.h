// SPDX-License-Identifier: LGPL-2.1-or-later
// Choosing how the chroma of a macroblock is coded.
#pragma once

#include "gst/core/vp8/coding.h"
#include "gst/core/vp8/planes.h"

namespace anim::vp8 {

/// Predicts both planes in the same of four ways.
class ChromaSearch {
 public:
  ChromaSearch(const SegmentCoding& coding, const TokenCosts& costs, SearchEffort effort)
      : coding_(coding), costs_(costs), effort_(effort) {}

  /// As MacroblockSearch::code, of the planes U and V.
  [[nodiscard]] BlockMode code(const MacroblockPixels<Samples>& source,
                               const MacroblockPixels<WritableSamples>& picture,
                               const Surroundings& around, MacroblockLevels& levels) const;

 private:
  struct Predictions;
  struct Coded;
  void code_plane(Samples source, Samples prediction, WritableSamples out, Levels* levels) const;
  [[nodiscard]] std::int64_t score_of(const MacroblockPixels<Samples>& source,
                                      const Surroundings& around, const Coded& coded) const;

  const SegmentCoding& coding_;
  const TokenCosts& costs_;
  SearchEffort effort_;
};

}  // namespace anim::vp8
