// SPDX-License-Identifier: LGPL-2.1-or-later
// Which tiles of a picture share their prefix codes. Source: WebP Lossless Bitstream Specification,
// section 6.2.2, "Decoding of Meta Prefix Codes".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/vp8l/pixels.h"
#include "gst/core/vp8l/symbol_counts.h"
#include "gst/core/vp8l/token.h"

namespace anim::vp8l {

/// Calls `visit(token, tile)` for each of the `tokens` of a picture so wide, in order: its tile is
/// that of its first pixel.
template <class Visit>
void visit_with_tiles(std::span<const Token> tokens, const Tiles& tiles, int width, Visit visit) {
  int x = 0;
  int y = 0;
  for (const Token& token : tokens) {
    visit(token, tiles.at(x, y));
    x += token.length;
    for (; x >= width; x -= width) ++y;
  }
}

/// Groups of codes and the tiles that use them.
struct CodeGroups {
  Tiles tiles;
  std::vector<std::uint16_t> of_tile;  ///< the place of its group in `groups`
  std::vector<SymbolCounts> groups;    ///< at least one
};

/// The groups that are cheapest for the `tokens` of a picture, about; one where more do not pay.
/// Tiles have 2^least_tile_bits pixels a side, those of large pictures more.
[[nodiscard]] CodeGroups code_groups(int width, int height, int least_tile_bits,
                                     std::span<const Token> tokens, int cache_bits);

}  // namespace anim::vp8l
