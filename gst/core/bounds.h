// SPDX-License-Identifier: LGPL-2.1-or-later
// The box around points.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "gst/core/geometry.h"

namespace anim {

/// A box that grows around points.
class Bounds {
 public:
  void add(int x, int y) {
    left_ = std::min(left_, x);
    right_ = std::max(right_, x + 1);
    if (top_ < 0) top_ = y;
    bottom_ = y + 1;
  }

  /// Adds the points of a row that are not `none`.
  void add_row(int y, std::span<const std::uint8_t> points, int none = 0) {
    const auto is_point = [none](std::uint8_t point) { return point != none; };
    const auto first = std::find_if(points.begin(), points.end(), is_point);
    if (first == points.end()) return;
    const auto last = std::find_if(points.rbegin(), points.rend(), is_point);
    add(static_cast<int>(first - points.begin()), y);
    add(static_cast<int>(points.rend() - last) - 1, y);
  }

  /// Of the points added, row by row downwards; empty without points.
  [[nodiscard]] Rect rect() const {
    if (top_ < 0) return {};
    return {left_, top_, right_ - left_, bottom_ - top_};
  }

 private:
  int left_ = 1 << 30;
  int right_ = 0;
  int top_ = -1;
  int bottom_ = 0;
};

}  // namespace anim
