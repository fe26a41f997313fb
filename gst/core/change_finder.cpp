// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/change_finder.h"

#include <algorithm>
#include <utility>

namespace anim {
namespace {

// The squared error that a bit is worth, in squares of the quantiser's step. Less than the slope of
// the encoder's own curve (0.012): what stays wrong for some pictures is seen more.
constexpr double kErrorPerBit = 0.010;
// In bits, more than most macroblocks take: what loses more is encoded whatever it takes.
constexpr double kCertain = 2000;

/// Whether luma is the same all over.
bool is_blank(const ImageView& block) {
  const std::uint8_t first = block.row(0, 0)[0];
  for (int y = 0; y < block.size.height; ++y) {
    const auto row = block.row(0, y);
    if (std::any_of(row.begin(), row.end(), [first](auto s) { return s != first; })) return false;
  }
  return true;
}

}  // namespace

ChangeFinder::ChangeFinder(int ac_step)
    : error_per_bit_(kErrorPerBit * ac_step * ac_step), estimate_(ac_step) {}

/// By macroblock, what is wrong with leaving it; the noise follows.
std::vector<double> ChangeFinder::errors(const ImageView& picture, const CarriedPicture& shown) {
  const MacroblockGrid& grid = shown.grid();
  std::vector<double> excesses;
  std::vector<double> differences;
  excesses.reserve(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const BlockChange change = shown.change(picture, grid.at(i), noise_.variance());
    excesses.push_back(change.excess);
    if (change.luma > 0 || !is_blank(cropped(picture, grid.pixels(grid.at(i))))) {
      differences.push_back(change.luma);
    }
  }
  noise_.observe(std::move(differences));
  return excesses;
}

CodedRegion ChangeFinder::find(const ImageView& picture, const CarriedPicture& shown) {
  const MacroblockGrid& grid = shown.grid();
  // The first comparison tells how noisy the clip is, before it can tell what has changed.
  if (!noise_.is_known()) (void)errors(picture, shown);
  const std::vector<double> lost = errors(picture, shown);
  if (std::all_of(lost.begin(), lost.end(), [](double error) { return error == 0; })) return {};
  std::vector<BlockPrice> prices;
  prices.reserve(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const auto [column, row] = grid.at(i);
    const double loss = lost[i] / error_per_bit_;
    const double bits = loss < kCertain ? estimate_.bits(picture, column, row) : 0;
    prices.push_back({.bits = bits, .loss = loss});
  }
  // A mask's holes show what was there before; real alpha has no place beside them.
  return choose_region(grid, prices, is_opaque(picture));
}

}  // namespace anim
