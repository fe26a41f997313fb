// SPDX-License-Identifier: LGPL-2.1-or-later
// Sizes and rectangles in whole pixels.
#pragma once

#include <cstdint>

namespace anim {

/// Width and height in pixels.
struct Size {
  int width = 0;
  int height = 0;

  [[nodiscard]] constexpr std::int64_t area() const { return std::int64_t{width} * height; }
  friend constexpr bool operator==(Size, Size) = default;
};

/// A rectangle of pixels; the right and bottom ends are exclusive.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  [[nodiscard]] constexpr bool is_empty() const { return width <= 0 || height <= 0; }
  [[nodiscard]] constexpr Size size() const { return {width, height}; }
  [[nodiscard]] constexpr int right() const { return x + width; }
  [[nodiscard]] constexpr int bottom() const { return y + height; }
  friend constexpr bool operator==(const Rect&, const Rect&) = default;
};

}  // namespace anim
