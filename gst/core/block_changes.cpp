// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/block_changes.h"

#include <algorithm>
#include <utility>

namespace anim {
namespace {

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

std::vector<BlockChange> BlockChanges::find(const ImageView& picture, const CarriedPicture& shown) {
  // The first comparison tells how noisy the clip is, before it can tell what has changed.
  if (!noise_.is_known()) (void)compare(picture, shown);
  return compare(picture, shown);
}

/// The noise follows.
std::vector<BlockChange> BlockChanges::compare(const ImageView& picture,
                                               const CarriedPicture& shown) {
  const MacroblockGrid& grid = shown.grid();
  std::vector<BlockChange> changes;
  std::vector<double> differences;
  changes.reserve(grid.size());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const BlockChange change = shown.change(picture, grid.at(i), noise_.variance());
    changes.push_back(change);
    if (change.luma > 0 || !is_blank(cropped(picture, grid.pixels(grid.at(i))))) {
      differences.push_back(change.luma);
    }
  }
  noise_.observe(std::move(differences));
  return changes;
}

}  // namespace anim
