// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_screen.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

#include "gst/core/bounds.h"
#include "gst/core/lzw.h"
#include "gst/core/vector_clones.h"

namespace anim {
namespace {

/// The box in the frame's rectangle around what it does not leave alone; at least one pixel.
Rect drawn_part(const IndexedFrame& frame) {
  Bounds bounds;
  const auto width = static_cast<std::size_t>(frame.rect.width);
  for (int y = 0; y < frame.rect.height; ++y) {
    const auto row = std::span(frame.indices).subspan(static_cast<std::size_t>(y) * width, width);
    bounds.add_row(y, row, frame.hole());
  }
  const Rect rect = bounds.rect();
  return rect.is_empty() ? Rect{0, 0, 1, 1} : rect;
}

/// Leaves a part of `rows` of `width` samples, in their place.
template <class Sample>
void keep_part(std::vector<Sample>& rows, std::size_t width, const Rect& part) {
  auto out = rows.begin();
  for (int y = part.y; y < part.bottom(); ++y) {
    const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(y * width) + part.x;
    out = std::copy_n(begin, part.width, out);
  }
  rows.erase(out, rows.end());
}

/// The pixel that each index draws; of those that are no colour's nothing.
using Table = std::array<Argb, 256>;

Table table_of(std::span<const Rgb> colors) {
  Table table{};
  std::transform(colors.begin(), colors.end(), table.begin(), opaque);
  return table;
}

/// The `hole` in the place of each index that brings `shown`, where it is anything, no more than
/// `slack` nearer to `wanted`.
ANIM_VECTOR_CLONES
void keep_row(const Argb* shown, const Argb* wanted, const Argb* table, int slack, int hole,
              std::size_t count, std::uint8_t* __restrict indices) {
  for (std::size_t i = 0; i < count; ++i) {
    const int index = indices[i];
    const Rgb color = rgb_of(wanted[i]);
    const int now = color_distance(rgb_of(shown[i]), color);
    const int then = color_distance(rgb_of(table[index]), color);
    const bool stays = (shown[i] != 0) & (now <= then + slack);
    indices[i] = static_cast<std::uint8_t>(stays ? hole : index);
  }
}

ANIM_VECTOR_CLONES
void draw_row(const std::uint8_t* indices, const Argb* table, int hole, std::size_t count,
              Argb* __restrict shown) {
  for (std::size_t i = 0; i < count; ++i) {
    const int index = indices[i];
    const Argb drawn = table[index];
    shown[i] = index != hole ? drawn : shown[i];
  }
}

ANIM_VECTOR_CLONES
void pay_row(const std::uint8_t* indices, float each, int hole, std::size_t count,
             float* __restrict bytes) {
  for (std::size_t i = 0; i < count; ++i) bytes[i] = indices[i] != hole ? each : bytes[i];
}

}  // namespace

/// Calls `visit(place on the canvas, place in the rectangle)` for the first pixel of each row of
/// `rect`.
template <class Visit>
void GifScreen::visit_rows(const Rect& rect, Visit visit) const {
  for (int y = 0; y < rect.height; ++y) {
    visit(static_cast<std::size_t>(rect.y + y) * size_.width + rect.x,
          static_cast<std::size_t>(y) * rect.width);
  }
}

void GifScreen::clear() {
  std::fill(shown_.begin(), shown_.end(), 0);
  std::fill(bytes_.begin(), bytes_.end(), 0.0F);
}

void GifScreen::pay(double bytes, const IndexedFrame& frame) {
  const auto holes = std::count(frame.indices.begin(), frame.indices.end(), frame.hole());
  const auto drawn = std::ssize(frame.indices) - holes;
  if (drawn == 0) return;
  const auto each = static_cast<float>(bytes / static_cast<double>(drawn));
  const auto width = static_cast<std::size_t>(frame.rect.width);
  bytes_.resize(shown_.size());
  visit_rows(frame.rect, [&](std::size_t place, std::size_t inside) {
    pay_row(&frame.indices[inside], each, frame.hole(), width, &bytes_[place]);
  });
}

double GifScreen::bytes_of(const std::vector<Argb>& stays) const {
  double sum = 0;
  for (std::size_t i = 0; i < bytes_.size(); ++i) sum += stays[i] != 0 ? bytes_[i] : 0;
  return sum;
}

void GifScreen::keep(int slack, IndexedFrame& frame) const {
  assert(frame.hole() < 256);
  const Table table = table_of(frame.colors);
  const auto width = static_cast<std::size_t>(frame.rect.width);
  visit_rows(frame.rect, [&](std::size_t place, std::size_t inside) {
    keep_row(&shown_[place], &frame.pixels[inside], table.data(), slack, frame.hole(), width,
             &frame.indices[inside]);
  });
}

void GifScreen::draw(const IndexedFrame& frame) {
  const Table table = table_of(frame.colors);
  const auto width = static_cast<std::size_t>(frame.rect.width);
  visit_rows(frame.rect, [&](std::size_t place, std::size_t inside) {
    draw_row(&frame.indices[inside], table.data(), frame.hole(), width, &shown_[place]);
  });
}

Bytes GifScreen::draw_lossy(IndexedFrame& frame, int table_bits) {
  below_.resize(frame.indices.size());
  visit_rows(frame.rect, [&](std::size_t place, std::size_t inside) {
    std::copy_n(&shown_[place], frame.rect.width, &below_[inside]);
  });
  Bytes codes = lzw_compressed(
      frame.indices, table_bits,
      {.colors = frame.colors, .pixels = frame.pixels, .shown = below_, .allowed = frame.allowed});
  draw(frame);
  return codes;
}

void crop(IndexedFrame& frame) {
  const Rect inner = drawn_part(frame);
  if (inner.size() == frame.rect.size()) return;
  const auto width = static_cast<std::size_t>(frame.rect.width);
  keep_part(frame.indices, width, inner);
  keep_part(frame.pixels, width, inner);
  if (!frame.allowed.empty()) keep_part(frame.allowed, width, inner);
  frame.rect = {frame.rect.x + inner.x, frame.rect.y + inner.y, inner.width, inner.height};
}

}  // namespace anim
