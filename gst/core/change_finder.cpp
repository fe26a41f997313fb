// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/change_finder.h"

#include <algorithm>

namespace anim {
namespace {

// The squared error that a bit is worth, in squares of the quantiser's step. About half of the
// slope of the encoder's own curve (0.012): what stays wrong for some pictures is seen more. At
// 0.010 the worst frames of animation lost 2.3 points to whole ones at equal quality.
constexpr double kErrorPerBit = 0.0065;
// Beyond this step the error grows with the step alone. With its square, the worst frames of a slow
// pan at quality 20 were 2.8 points below whole ones at equal quality.
constexpr double kCoarseStep = 37;
// In bits, more than most macroblocks take: what loses more is encoded whatever it takes.
constexpr double kCertain = 2000;
// What has lost less than this part of its bits takes as many as when they were estimated.
constexpr double kLittleLost = 0.25;

constexpr double kSamples = kMacroblockSide * kMacroblockSide;  // of luma
// By so many of the quantiser's steps the level of a whole picture may be late: 2.4 levels at
// quality 75. Of a fade by 0.6 levels a picture 0.06 saves 6 % of the bytes there, 0.08 saves 58 %;
// with 0.10 its worst frames lose another 0.9 points, and it flickers more than whole frames.
constexpr double kLateSteps = 0.08;
constexpr double kLateDetail = 0.5;  // square levels for each sample of luma

/// BlockChange::excess of a macroblock whose luma is off by so many levels.
double excess_of(double levels) {
  return kLevelWeight * kSamples * levels * levels;
}

}  // namespace

ChangeFinder::ChangeFinder(int ac_step)
    : error_per_bit_(kErrorPerBit * ac_step * std::min<double>(ac_step, kCoarseStep)),
      most_late_(excess_of(kLateSteps * std::min<double>(ac_step, kCoarseStep))),
      estimate_(ac_step) {}

CodedRegion ChangeFinder::find(const ImageView& picture, const CarriedPicture& shown) {
  const MacroblockGrid& grid = shown.grid();
  const std::vector<BlockChange> changes = changes_.find(picture, shown);
  if (may_wait(changes)) return {};
  bits_.resize(grid.size());
  std::vector<BlockPrice> prices;
  prices.reserve(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    prices.push_back(price(picture, grid.at(i), changes[i].excess / error_per_bit_, bits_[i]));
  }
  // A mask's holes show what was there before; real alpha has no place beside them.
  return choose_region(grid, prices, is_opaque(picture));
}

/// Whether nothing has changed, or no more than the level of blocks, as in a fade, by less than is
/// seen, and it goes on: each picture of a slow fade would take as many bits as the whole. Where it
/// ends each macroblock is weighed.
bool ChangeFinder::may_wait(const std::vector<BlockChange>& changes) {
  double excess = 0;
  for (const BlockChange& change : changes) excess += change.excess;
  if (excess == 0) return true;
  const bool is_faint = std::all_of(changes.begin(), changes.end(), [&](const BlockChange& change) {
    return change.excess <= most_late_ && change.detail <= kLateDetail * kSamples;
  });
  const bool waits = is_faint && excess > waiting_;
  waiting_ = waits ? excess : 0;
  return waits;
}

/// Estimating takes longer than comparing, and most of a still picture has hardly changed. `known`
/// are the macroblock's bits.
BlockPrice ChangeFinder::price(const ImageView& picture, BlockPlace at, double loss,
                               double& known) {
  if (loss >= kCertain) {
    known = 0;
    return {.bits = 0, .loss = loss};
  }
  if (known == 0 || loss >= kLittleLost * known) {
    known = estimate_.bits(picture, at.column, at.row);
  }
  return {.bits = known, .loss = loss};
}

}  // namespace anim
