// SPDX-License-Identifier: LGPL-2.1-or-later
// Choosing how a macroblock is coded.
#pragma once

#include <cstdint>

#include "gst/core/vp8/coefficients.h"
#include "gst/core/vp8/intra.h"
#include "gst/core/vp8/macroblock.h"
#include "gst/core/vp8/planes.h"
#include "gst/core/vp8/quantizer.h"

namespace anim::vp8 {

/// How much is tried.
struct SearchEffort {
  /// The modes of a subblock that are coded to be compared; the others are only guessed at. 0 =
  /// luma is never divided.
  int subblock_candidates = 2;
  /// Whether whole luma and chroma are predicted in the way that fits best, else by their mean.
  bool chooses_modes = true;
};

/// What bits weigh against errors.
struct Tradeoff {
  int subblock = 0;  ///< the squared error of a bit, in 1/16: between modes of a subblock
  int luma = 0;      ///< the same, between whole and divided luma
  int guess = 0;     ///< the Hadamard difference of a bit, in 1/256

  /// For a quantiser of that step.
  static Tradeoff at(int ac_step);
};

/// How the macroblocks of one segment are coded.
struct SegmentCoding {
  SegmentQuantizers quantizers;
  Tradeoff tradeoff;
};

/// What is around a macroblock.
struct Surroundings {
  bool has_above = false;
  bool has_left = false;
  std::array<std::uint8_t, 4> above_right{};  ///< pixels of luma, after those above
  Side above{};
  Side left{};
};

/// Leaves the mean of its edges in a macroblock, as the decoder does where nothing else is said.
void predict_by_mean(const MacroblockPixels<WritableSamples>& picture, const Surroundings& around);

/// Chooses between the ways to code a macroblock by what they cost in bits and in squared error.
class MacroblockSearch {
 public:
  MacroblockSearch(const SegmentCoding& coding, const TokenCosts& costs, SearchEffort effort)
      : coding_(coding), costs_(costs), effort_(effort) {}

  /// `picture` is the macroblock's place in what has been coded so far: its neighbours are read,
  /// and it becomes what the decoder will see. `levels` become those of the blocks that the
  /// returned macroblock has.
  [[nodiscard]] Macroblock code(const MacroblockPixels<Samples>& source,
                                const MacroblockPixels<WritableSamples>& picture,
                                const Surroundings& around, MacroblockLevels& levels) const;

 private:
  struct WholeLuma;
  struct Subblock;
  [[nodiscard]] BlockMode guess_whole_luma(Samples source, Samples picture,
                                           const Surroundings& around, std::uint8_t* pixels) const;
  void code_whole_luma(Samples source, Samples picture, const Surroundings& around,
                       WholeLuma& out) const;
  [[nodiscard]] Subblock code_subblock(Samples source, const SubblockPredictions& predictions,
                                       SubblockMode above, SubblockMode left, int context,
                                       Levels& levels) const;
  [[nodiscard]] bool code_divided_luma(Samples source, WritableSamples picture,
                                       const Surroundings& around, std::int64_t limit,
                                       Macroblock& macroblock, MacroblockLevels& levels) const;
  [[nodiscard]] BlockMode code_chroma(const MacroblockPixels<Samples>& source,
                                      const MacroblockPixels<WritableSamples>& picture,
                                      const Surroundings& around, MacroblockLevels& levels) const;

  const SegmentCoding& coding_;
  const TokenCosts& costs_;
  SearchEffort effort_;
};

}  // namespace anim::vp8
