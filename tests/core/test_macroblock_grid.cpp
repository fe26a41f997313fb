// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/macroblock_grid.h"

using anim::MacroblockGrid;
using anim::Rect;

TEST_CASE("macroblocks cover the picture, cut at its right and bottom") {
  const MacroblockGrid grid({33, 16});
  CHECK(grid.columns() == 3);
  CHECK(grid.rows() == 1);
  CHECK(grid.size() == 3);
  CHECK(grid.pixels(anim::BlockPlace{1, 0}) == Rect{16, 0, 16, 16});
  CHECK(grid.pixels(anim::BlockPlace{2, 0}) == Rect{32, 0, 1, 16});
  CHECK(grid.pixels(Rect{1, 0, 2, 1}) == Rect{16, 0, 17, 16});
}

TEST_CASE("places and indices are each other's") {
  const MacroblockGrid grid({100, 50});
  for (std::size_t i = 0; i < grid.size(); ++i) CHECK(grid.index(grid.at(i)) == i);
  CHECK(grid.at(8).column == 1);
  CHECK(grid.at(8).row == 1);
}
