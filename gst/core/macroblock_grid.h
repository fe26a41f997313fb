// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures as macroblocks of 16 by 16 pixels, cut at the right and the bottom.
#pragma once

#include <algorithm>
#include <cstddef>

#include "gst/core/geometry.h"

namespace anim {

inline constexpr int kMacroblockSide = 16;  ///< pixels

/// How many macroblocks cover so many pixels.
[[nodiscard]] constexpr int macroblocks_in(int pixels) {
  return (pixels + kMacroblockSide - 1) / kMacroblockSide;
}

/// The place of a macroblock.
struct BlockPlace {
  int column = 0;
  int row = 0;
};

/// The macroblocks of a picture, in raster order.
class MacroblockGrid {
 public:
  MacroblockGrid() = default;
  explicit MacroblockGrid(Size picture)
      : picture_(picture),
        columns_(macroblocks_in(picture.width)),
        rows_(macroblocks_in(picture.height)) {}

  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_);
  }
  [[nodiscard]] std::size_t index(BlockPlace at) const {
    return static_cast<std::size_t>(at.row) * static_cast<std::size_t>(columns_) +
           static_cast<std::size_t>(at.column);
  }
  [[nodiscard]] BlockPlace at(std::size_t index) const {
    const auto columns = static_cast<std::size_t>(columns_);
    return {static_cast<int>(index % columns), static_cast<int>(index / columns)};
  }
  /// The pixels of a rectangle of macroblocks, or of one.
  [[nodiscard]] Rect pixels(const Rect& blocks) const {
    const int x = blocks.x * kMacroblockSide;
    const int y = blocks.y * kMacroblockSide;
    return {x, y, std::min(blocks.width * kMacroblockSide, picture_.width - x),
            std::min(blocks.height * kMacroblockSide, picture_.height - y)};
  }
  [[nodiscard]] Rect pixels(BlockPlace at) const { return pixels({at.column, at.row, 1, 1}); }

 private:
  Size picture_;
  int columns_ = 0;
  int rows_ = 0;
};

}  // namespace anim
