// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes LZW's strings longer: a match may go on over a pixel that another colour of the table shows
// nearly as well.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/lzw_table.h"
#include "gst/core/rgb.h"

namespace anim {

/// What a picture is to look like, and how far it may miss that.
struct LossyMatching {
  std::span<const Rgb> colors;   ///< of the indices; an index beyond them is a hole, and stays
  std::span<const Argb> pixels;  ///< what each index stands for
  int width = 0;                 ///< of the picture, in pixels
  /// The largest error of a pixel in plain surroundings, in levels of luma (0 to 255); more is
  /// allowed where neighbours differ. 0 = none.
  double largest_error = 0;
};

/// Finds the longest string of a table that looks like what comes next in a picture.
///
/// Colours are compared in luma and, with less weight, the differences of blue and red from it.
/// Half of a pixel's error is carried to the next one of the same string, which so makes up for it.
/// A pixel shows either its own index or a colour that is within its largest error both of what it
/// stands for and of that with the error carried to it; holes stay, and nothing becomes one. The
/// first pixel of a string shows its own index. (The idea: lossy GIF of K. Lesiński's giflossy.)
class LossyMatcher {
 public:
  /// What the arguments point to must outlive the matcher.
  LossyMatcher(std::span<std::uint8_t> indices, const LossyMatching& matching);

  struct Match {
    LzwCode code = 0;
    std::size_t length = 0;  ///< pixels, at least 1
  };
  /// The longest string for the pixels from `at` on; among several the one of least error. The
  /// pixels' indices become the string's.
  Match take_longest(const LzwTable& table, std::size_t at);

 private:
  /// A colour in sixteenths of a level: luma, and what blue and red are beyond it.
  struct Shade {
    int luma = 0;
    int blue = 0;
    int red = 0;
  };
  /// A string that fits so far.
  struct Candidate {
    LzwCode code = 0;
    std::uint64_t error = 0;  ///< the sum of squares
    Shade carried;
  };
  /// The best few, least error first.
  class Shortlist;

  static Shade shade_of(Rgb color);
  static int distance(const Shade& a, const Shade& b);
  [[nodiscard]] bool is_hole(std::size_t at) const { return indices_[at] >= shades_.size(); }
  void allow(const LossyMatching& matching);
  void extend(const LzwTable& table, const Candidate& from, std::size_t at, Shortlist& out) const;
  [[nodiscard]] Candidate with(const Candidate& from, LzwCode child, const Shade& wanted,
                               std::uint8_t index) const;

  void show(const LzwTable& table, const Match& match, std::size_t at);

  std::span<std::uint8_t> indices_;
  std::span<const Argb> pixels_;
  std::vector<Shade> shades_;  ///< of the colours
  std::vector<int> allowed_;   ///< the largest distance() at each pixel; 0 = none
};

}  // namespace anim
