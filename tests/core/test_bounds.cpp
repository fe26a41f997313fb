// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include <doctest/doctest.h>

#include "gst/core/bounds.h"

using anim::Bounds;
using anim::Rect;

TEST_CASE("a box without points is empty, with one it is one pixel") {
  Bounds bounds;
  CHECK(bounds.rect().is_empty());
  bounds.add(3, 0);
  CHECK(bounds.rect() == Rect{3, 0, 1, 1});
}

TEST_CASE("a box is around all points and the points of rows") {
  Bounds bounds;
  bounds.add_row(1, std::array<std::uint8_t, 4>{});
  CHECK(bounds.rect().is_empty());
  bounds.add_row(2, std::array<std::uint8_t, 6>{0, 0, 1, 0, 2, 0});
  CHECK(bounds.rect() == Rect{2, 2, 3, 1});
  bounds.add(1, 5);
  CHECK(bounds.rect() == Rect{1, 2, 4, 4});
  bounds.add(9, 5);
  CHECK(bounds.rect() == Rect{1, 2, 9, 4});
}

TEST_CASE("a row has points but for what stands for none") {
  Bounds bounds;
  bounds.add_row(3, std::array<std::uint8_t, 4>{7, 7, 7, 7}, 7);
  CHECK(bounds.rect().is_empty());
  bounds.add_row(4, std::array<std::uint8_t, 4>{7, 0, 9, 7}, 7);
  CHECK(bounds.rect() == Rect{1, 4, 2, 1});
  bounds.add_row(5, std::array<std::uint8_t, 4>{255, 0, 9, 0}, 256);  // none of them
  CHECK(bounds.rect() == Rect{0, 4, 4, 2});
}
