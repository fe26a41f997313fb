// SPDX-License-Identifier: LGPL-2.1-or-later
// The few colours that stand for many, and the nearest of them for any colour.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/color_set.h"
#include "gst/core/histogram.h"
#include "gst/core/rgb.h"

namespace anim {

/// At most 256 colours that stand for those of a picture.
struct Palette {
  std::vector<Rgb> colors;
  /// How far the picture's colours lie from the palette's: root mean square, in levels of a
  /// channel. 0 when the palette has them all.
  double spread = 0;
};

/// At most `most` (1 to 256) colours for `bins`. The box of largest variance is split at its mean
/// until there are enough (variance-based splitting, Wan, Wong, Prusinkiewicz 1988), then a few
/// rounds of weighted k-means move the colours to where their bins are.
/// Without bins the palette is empty.
[[nodiscard]] Palette make_palette(const std::vector<ColorBin>& bins, int most);

/// Finds the colour of a palette that is nearest to any colour, exactly. Colour space is cut into
/// blocks of 32 levels a side and those into cells of 8; the first question in one collects the few
/// colours that can be nearest to a point of it. Not for use from two threads at once.
class NearestColor {
 public:
  /// `colors`: 1 to 256.
  explicit NearestColor(std::span<const Rgb> colors);

  /// The index of the colour nearest to `color`, the lowest of equally near ones.
  [[nodiscard]] std::uint8_t operator()(Rgb color);

  [[nodiscard]] Rgb color(std::uint8_t index) const { return all_[index].color; }
  /// Whether `color` is one of the palette.
  [[nodiscard]] bool has(Rgb color) const { return set_.has(color); }

 private:
  struct Candidate {
    Rgb color;
    std::uint8_t index = 0;
    int outside = 0;  ///< the least distance from a point of the cube
  };
  using Candidates = std::vector<Candidate>;
  /// A part of the candidates of all cells.
  struct Cell {
    std::uint32_t begin = 0;
    std::uint32_t count = 0;  ///< 0 = not asked for yet
  };
  const Candidates& block(Rgb color);
  void fill(Cell& cell, Rgb color);
  static void collect(Rgb inside, int bits, const Candidates& from, Candidates& out);

  ColorSet set_;
  Candidates all_;
  std::vector<Candidates> blocks_;
  std::vector<Cell> cells_;
  Candidates in_cells_;
};

}  // namespace anim
