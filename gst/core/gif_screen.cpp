// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_screen.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

#include "gst/core/bounds.h"
#include "gst/core/lzw.h"

namespace anim {
namespace {

/// The box in the frame's rectangle around what it does not leave alone; at least one pixel.
Rect drawn_part(const IndexedFrame& frame) {
  Bounds bounds;
  std::size_t i = 0;
  for (int y = 0; y < frame.rect.height; ++y) {
    for (int x = 0; x < frame.rect.width; ++x, ++i) {
      if (frame.indices[i] != frame.hole()) bounds.add(x, y);
    }
  }
  const Rect rect = bounds.rect();
  return rect.is_empty() ? Rect{0, 0, 1, 1} : rect;
}

/// A part of rows of `width` samples.
template <class Sample>
std::vector<Sample> part_of(const std::vector<Sample>& rows, std::size_t width, const Rect& part) {
  std::vector<Sample> out;
  out.reserve(static_cast<std::size_t>(part.size().area()));
  for (int y = part.y; y < part.bottom(); ++y) {
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(y * width) + part.x;
    out.insert(out.end(), begin, begin + part.width);
  }
  return out;
}

}  // namespace

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

void GifScreen::keep(int slack, IndexedFrame& frame) const {
  assert(frame.hole() < 256);
  const auto hole = static_cast<std::uint8_t>(frame.hole());
  visit(frame.rect, [&](std::size_t place, std::size_t inside) {
    std::uint8_t& index = frame.indices[inside];
    if (index == frame.hole() || shown_[place] == 0) return;
    const Rgb wanted = rgb_of(frame.pixels[inside]);
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

Bytes GifScreen::draw_lossy(IndexedFrame& frame, int table_bits) {
  const std::vector<Argb> shown =
      part_of(shown_, static_cast<std::size_t>(size_.width), frame.rect);
  Bytes codes = lzw_compressed(
      frame.indices, table_bits,
      {.colors = frame.colors, .pixels = frame.pixels, .shown = shown, .allowed = frame.allowed});
  draw(frame);
  return codes;
}

void crop(IndexedFrame& frame) {
  const Rect inner = drawn_part(frame);
  const auto width = static_cast<std::size_t>(frame.rect.width);
  frame.indices = part_of(frame.indices, width, inner);
  frame.pixels = part_of(frame.pixels, width, inner);
  if (!frame.allowed.empty()) frame.allowed = part_of(frame.allowed, width, inner);
  frame.rect = {frame.rect.x + inner.x, frame.rect.y + inner.y, inner.width, inner.height};
}

}  // namespace anim
