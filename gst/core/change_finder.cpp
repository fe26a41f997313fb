// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/change_finder.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>

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

// The level of a block may be late by so much, in squares of the quantiser's step: 2.4 levels at
// quality 75, half a level at 90, where one costs 5 points of SSIMULACRA2.
constexpr double kLate = 0.0027;
constexpr double kMostLate = 3;  // levels
constexpr double kLateDetail =
    128;  // BlockChange::detail that may wait: a stroke of 16 by 3 levels

bool is_any(const std::vector<BlockChange>& changes) {
  return std::any_of(changes.begin(), changes.end(),
                     [](const BlockChange& change) { return change.excess > 0; });
}

/// Whether any of its levels changes beyond noise. Most do in a slow pan, too, whose pictures wait
/// as those of a fade: if levels had to explain a fifth of the change, its 5th percentile of
/// quality would be 3.9 points below whole frames' instead of 0.2.
bool is_fading(const BlockChange& change) {
  return change.drift > 0;
}

/// At least half of the macroblocks.
bool most_fade(const std::vector<BlockChange>& changes) {
  return 2 * std::count_if(changes.begin(), changes.end(), is_fading) >= std::ssize(changes);
}

/// Of all macroblocks.
double drift_of(const std::vector<BlockChange>& changes) {
  return std::accumulate(changes.begin(), changes.end(), 0.0,
                         [](double sum, const BlockChange& change) { return sum + change.drift; });
}

}  // namespace

ChangeFinder::ChangeFinder(int ac_step)
    : error_per_bit_(kErrorPerBit * ac_step * std::min<double>(ac_step, kCoarseStep)),
      most_late_(std::pow(std::min(kLate * ac_step * ac_step, kMostLate), 2)),
      estimate_(ac_step) {}

CodedRegion ChangeFinder::find(const ImageView& picture, const CarriedPicture& shown) {
  const MacroblockGrid& grid = shown.grid();
  const std::vector<BlockChange> changes = changes_.find(picture, shown);
  const bool has_waited = fade_.is_waiting();
  if (fade_.waits(drift_of(changes), most_fade(changes), is_faint(changes))) return {};
  if (!is_any(changes)) return {};
  bits_.resize(grid.size());
  std::vector<BlockPrice> prices;
  prices.reserve(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    // Blocks that are not as late as others, and so are left, would be the latest of the next wait.
    const double late = has_waited && is_fading(changes[i]) ? kCertain : 0;
    const double loss = std::max(changes[i].excess / error_per_bit_, late);
    prices.push_back(price(picture, grid.at(i), loss, bits_[i]));
  }
  // A mask's holes show what was there before; real alpha has no place beside them.
  return choose_region(grid, prices, is_opaque(picture));
}

bool ChangeFinder::is_faint(const std::vector<BlockChange>& changes) const {
  return std::all_of(changes.begin(), changes.end(), [this](const BlockChange& change) {
    return change.level <= most_late_ && change.detail <= kLateDetail;
  });
}

bool ChangeFinder::Fade::waits(double drift, bool fades, bool is_faint) {
  const bool goes_on = std::exchange(is_change_, drift > 0) && drift > waiting_;
  const bool waits = goes_on && fades && is_faint;
  waiting_ = waits ? drift : 0;
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
