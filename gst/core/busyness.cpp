// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/busyness.h"

#include <cassert>
#include <cstddef>
#include <cstdlib>

#include "gst/core/shade.h"

namespace anim {
namespace {

constexpr std::int16_t kNowhere = -1;

using Lumas = std::vector<std::int16_t>;

/// Of each pixel, in sixteenths of a level; kNowhere where nothing is drawn.
Lumas lumas_of(std::span<const Argb> pixels) {
  Lumas out(pixels.size());
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const int luma = shade_luma(rgb_of(pixels[i]));
    out[i] = static_cast<std::int16_t>(alpha_of(pixels[i]) == 0 ? kNowhere : luma);
  }
  return out;
}

/// Between each pixel and the one `step` further on; 0 where nothing is drawn, or at the end.
Lumas differences(const Lumas& lumas, std::size_t step) {
  Lumas out(lumas.size());
  for (std::size_t i = 0; i + step < lumas.size(); ++i) {
    const int a = lumas[i];
    const int b = lumas[i + step];
    out[i] = static_cast<std::int16_t>((a | b) < 0 ? 0 : std::abs(a - b));
  }
  return out;
}

}  // namespace

Busyness busyness(std::span<const Argb> pixels, int width) {
  assert(width > 0 && pixels.size() % static_cast<std::size_t>(width) == 0);
  const auto row = static_cast<std::size_t>(width);
  const Lumas lumas = lumas_of(pixels);
  Lumas across = differences(lumas, 1);
  for (std::size_t i = row - 1; i < across.size(); i += row) across[i] = 0;
  const Lumas down = differences(lumas, row);
  Busyness out(lumas.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int before = i > 0 ? across[i - 1] : 0;
    const int above = i >= row ? down[i - row] : 0;
    out[i] = static_cast<std::int16_t>((before + across[i] + above + down[i]) / 4);
  }
  return out;
}

}  // namespace anim
