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

}  // namespace

ChangeFinder::ChangeFinder(int ac_step)
    : error_per_bit_(kErrorPerBit * ac_step * std::min<double>(ac_step, kCoarseStep)),
      estimate_(ac_step) {}

CodedRegion ChangeFinder::find(const ImageView& picture, const CarriedPicture& shown) {
  const MacroblockGrid& grid = shown.grid();
  const std::vector<double> lost = changes_.excesses(picture, shown);
  if (std::all_of(lost.begin(), lost.end(), [](double error) { return error == 0; })) return {};
  bits_.resize(grid.size());
  std::vector<BlockPrice> prices;
  prices.reserve(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    prices.push_back(price(picture, grid.at(i), lost[i] / error_per_bit_, bits_[i]));
  }
  // A mask's holes show what was there before; real alpha has no place beside them.
  return choose_region(grid, prices, is_opaque(picture));
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
