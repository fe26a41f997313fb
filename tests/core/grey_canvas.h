// SPDX-License-Identifier: LGPL-2.1-or-later
// Changes in one grey, and a small canvas that they are drawn on.
#pragma once

#include <memory>
#include <utility>

#include "gst/core/gif_drawing.h"
#include "gst/core/gif_tables.h"

namespace anim::test {

inline constexpr Size kSize{8, 4};
inline constexpr Rect kWhole{0, 0, 8, 4};

constexpr Argb grey(unsigned level) {
  return 0xFF000000U | level * 0x010101U;
}

/// All of the canvas in one grey, of few colours or not.
inline GifChange change_to(unsigned level, bool is_exact) {
  GifChange change;
  change.rect = kWhole;
  change.pixels.assign(static_cast<std::size_t>(kSize.area()), grey(level));
  change.dwells.assign(change.pixels.size(), 1);
  change.is_exact = is_exact;
  if (is_exact) change.colors = {rgb_of(grey(level))};
  return change;
}

/// A canvas, and the table of what is first drawn on it.
struct Canvas {
  GifSettings settings;
  std::shared_ptr<GifScreen> screen = std::make_shared<GifScreen>(kSize);
  std::shared_ptr<const Palette> first = nullptr;

  GifDrawing drawing_of(GifChange change) {
    const bool is_first = first == nullptr;
    if (is_first) {
      first = std::make_shared<Palette>(first_table({&change}, settings.palette, 255));
    }
    return {std::move(change), settings, first, is_first};
  }
};

}  // namespace anim::test
