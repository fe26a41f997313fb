// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/busyness.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "gst/core/shade.h"
#include "gst/core/vector_clones.h"

namespace anim {
namespace {

constexpr std::int16_t kNowhere = -1;

using Row = std::vector<std::int16_t>;

/// Luma of each pixel, in sixteenths of a level; kNowhere where nothing is drawn.
ANIM_VECTOR_CLONES
void put_lumas(const Argb* pixels, std::size_t count, std::int16_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const int luma = shade_luma(rgb_of(pixels[i]));
    out[i] = static_cast<std::int16_t>(alpha_of(pixels[i]) == 0 ? kNowhere : luma);
  }
}

/// Between `count` pairs of pixels; 0 where one of them is not drawn.
ANIM_VECTOR_CLONES
void put_differences(const std::int16_t* some, const std::int16_t* others, std::size_t count,
                     std::int16_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const int a = some[i];
    const int b = others[i];
    out[i] = static_cast<std::int16_t>((a | b) < 0 ? 0 : std::abs(a - b));
  }
}

/// The mean of the differences to four neighbours: two of `across` and one of each other.
ANIM_VECTOR_CLONES
void put_means(const std::int16_t* across, const std::int16_t* above, const std::int16_t* below,
               std::size_t count, std::int16_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::int16_t>((across[i] + across[i + 1] + above[i] + below[i]) / 4);
  }
}

}  // namespace

// By rows: whole pictures of what leads to it would not stay in the cache.
Busyness busyness(std::span<const Argb> pixels, int width) {
  assert(width > 0 && pixels.size() % static_cast<std::size_t>(width) == 0);
  const auto row = static_cast<std::size_t>(width);
  Row lumas(row);
  Row next(row);
  Row across(row + 1);  // to the pixel before; at both edges 0
  Row above(row);
  Row below(row);
  Busyness out(pixels.size());
  if (!pixels.empty()) put_lumas(pixels.data(), row, next.data());
  for (std::size_t first = 0; first < pixels.size(); first += row) {
    std::swap(lumas, next);
    put_differences(lumas.data(), lumas.data() + 1, row - 1, across.data() + 1);
    if (first + row < pixels.size()) {
      put_lumas(&pixels[first + row], row, next.data());
      put_differences(lumas.data(), next.data(), row, below.data());
    } else {
      std::fill(below.begin(), below.end(), std::int16_t{0});
    }
    put_means(across.data(), above.data(), below.data(), row, &out[first]);
    std::swap(above, below);
  }
  return out;
}

}  // namespace anim
