// SPDX-License-Identifier: LGPL-2.1-or-later
// Choosing how a macroblock is coded.
#pragma once

#include <cstdint>

#include "gst/core/vp8/chroma.h"
#include "gst/core/vp8/coding.h"

namespace anim::vp8 {

/// Leaves the mean of its edges in a macroblock, as the decoder does where nothing else is said.
void predict_by_mean(const MacroblockPixels<WritableSamples>& picture, const Surroundings& around);

/// Chooses between the ways to code a macroblock by what they cost in bits and in squared error.
class MacroblockSearch {
 public:
  MacroblockSearch(const SegmentCoding& coding, const TokenCosts& costs, SearchEffort effort)
      : coding_(coding), costs_(costs), effort_(effort), chroma_(coding, costs, effort) {}

  /// `picture` is the macroblock's place in what has been coded so far: its neighbours are read,
  /// and it becomes what the decoder will see. `levels` become those of the blocks that the
  /// returned macroblock has.
  [[nodiscard]] Macroblock code(const MacroblockPixels<Samples>& source,
                                const MacroblockPixels<WritableSamples>& picture,
                                const Surroundings& around, MacroblockLevels& levels) const;

 private:
  struct WholeLuma;
  struct Subblock;
  [[nodiscard]] WholeLuma choose_whole_luma(Samples source, Samples picture,
                                            const Surroundings& around) const;
  void code_whole_luma(Samples source, const Surroundings& around, WholeLuma& out) const;
  [[nodiscard]] Subblock code_subblock(Samples source, const SubblockPredictions& predictions,
                                       SubblockMode above, SubblockMode left, int context,
                                       Levels& levels) const;
  [[nodiscard]] bool code_divided_luma(Samples source, WritableSamples picture,
                                       const Surroundings& around, std::int64_t limit,
                                       Macroblock& macroblock, MacroblockLevels& levels) const;

  const SegmentCoding& coding_;
  const TokenCosts& costs_;
  SearchEffort effort_;
  ChromaSearch chroma_;
};

}  // namespace anim::vp8
