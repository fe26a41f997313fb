// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_screen.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>

namespace anim {

/// Calls `visit(place on the canvas, place in the rectangle)` for each pixel of `rect`.
template <class Visit>
void GifScreen::visit(const Rect& rect, Visit visit) const {
  std::size_t inside = 0;
  for (int y = rect.y; y < rect.bottom(); ++y) {
    std::size_t place = static_cast<std::size_t>(y) * size_.width + rect.x;
    for (int x = 0; x < rect.width; ++x) visit(place++, inside++);
  }
}

void GifScreen::clear() {
  std::fill(shown_.begin(), shown_.end(), 0);
}

void GifScreen::keep(const GifChange& change, int slack, IndexedFrame& frame) const {
  assert(frame.hole() < 256);
  const auto hole = static_cast<std::uint8_t>(frame.hole());
  visit(frame.rect, [&](std::size_t place, std::size_t inside) {
    std::uint8_t& index = frame.indices[inside];
    if (index == frame.hole() || shown_[place] == 0) return;
    const Rgb wanted = rgb_of(change.pixels[inside]);
    const int now = color_distance(rgb_of(shown_[place]), wanted);
    if (now <= color_distance(frame.colors[index], wanted) + slack) index = hole;
  });
}

void GifScreen::draw(const IndexedFrame& frame) {
  visit(frame.rect, [&](std::size_t place, std::size_t inside) {
    const std::uint8_t index = frame.indices[inside];
    if (index != frame.hole()) shown_[place] = opaque(frame.colors[index]);
  });
}

void crop(IndexedFrame& frame) {
  const int hole = frame.hole();
  const auto width = static_cast<std::size_t>(frame.rect.width);
  std::size_t left = width;
  std::size_t right = 0;
  std::size_t top = frame.indices.size();
  std::size_t bottom = 0;
  for (std::size_t i = 0; i < frame.indices.size(); ++i) {
    if (frame.indices[i] == hole) continue;
    left = std::min(left, i % width);
    right = std::max(right, i % width + 1);
    top = std::min(top, i / width);
    bottom = i / width + 1;
  }
  if (bottom == 0) {
    left = top = 0;
    right = bottom = 1;
  }
  std::vector<std::uint8_t> inner;
  inner.reserve((right - left) * (bottom - top));
  for (std::size_t y = top; y < bottom; ++y) {
    const auto row = frame.indices.begin() + static_cast<std::ptrdiff_t>(y * width);
    inner.insert(inner.end(), row + static_cast<std::ptrdiff_t>(left),
                 row + static_cast<std::ptrdiff_t>(right));
  }
  frame.indices = std::move(inner);
  frame.rect = {frame.rect.x + static_cast<int>(left), frame.rect.y + static_cast<int>(top),
                static_cast<int>(right - left), static_cast<int>(bottom - top)};
}

}  // namespace anim
