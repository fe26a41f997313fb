// SPDX-License-Identifier: LGPL-2.1-or-later
// Which colour of a table is nearest to any colour.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/rgb.h"

namespace anim {

/// Finds the colour of a palette that is nearest to any colour, exactly. Colour space is cut into
/// blocks of 16 levels a side and those into cells of 4; the first question in one collects the few
/// colours that can be nearest to a point of it. Not for use from two threads at once.
class NearestColor {
 public:
  /// `colors`: 1 to 256.
  explicit NearestColor(std::span<const Rgb> colors);

  /// The index of the colour nearest to `color`, the lowest of equally near ones.
  [[nodiscard]] std::uint8_t operator()(Rgb color);

  [[nodiscard]] Rgb color(std::uint8_t index) const { return colors_[index]; }

 private:
  /// From its darkest corner to its brightest, `reach` levels along each side.
  struct Cube {
    std::array<int, 3> low{};
    int reach = 0;
  };
  struct Candidate {
    Rgb color;
    std::uint8_t index = 0;
    int outside = 0;  ///< the least distance from a point of the cube
  };
  /// Colours of a block, as numbers that are quickly compared with many others.
  struct Block {
    std::array<std::vector<float>, 3> levels;
    std::vector<std::uint8_t> indices;
  };
  /// A part of the candidates of all cells.
  struct Cell {
    std::uint32_t begin = 0;
    std::uint32_t count = 0;  ///< 0 = not asked for yet
  };

  static Cube cube_at(Rgb color, int bits);
  static void put(Rgb color, std::uint8_t index, Block& into);
  void find_near(const Cube& cube, const Block& from);
  void collect(const Cube& cube, const Block& from);
  [[nodiscard]] const Cell& cell_of(Rgb color);
  void fill_block(std::size_t number, Rgb color);
  void fill(Cell& cell, const Block& block, Rgb color);

  std::vector<Rgb> colors_;
  Block all_;
  std::vector<Block> blocks_;
  /// By block: the place of its first cell; the largest number = not asked for yet. Apart from the
  /// blocks, which are needed for new cells alone, so that it stays in the cache.
  std::vector<std::uint32_t> first_cells_;
  std::vector<Cell> cells_;
  std::vector<Candidate> candidates_;
  // While a cube's colours are collected.
  std::array<float, 256> apart_{};  ///< squared distances: quarters of whole numbers, so exact
  std::vector<Candidate> near_;
};

}  // namespace anim
