// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes LZW's strings longer: a match may go on over a pixel that another colour of the table shows
// nearly as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gst/core/busyness.h"
#include "gst/core/lzw_table.h"
#include "gst/core/rgb.h"
#include "gst/core/shade.h"

namespace anim {

/// What a picture is to look like, and how far it may miss that.
struct LossyMatching {
  std::span<const Rgb> colors;   ///< of the indices; the index after them is a hole
  std::span<const Argb> pixels;  ///< what each index stands for; alpha 0 = it is a hole, and stays
  std::span<const Argb> shown;   ///< by pixel, what a hole shows; alpha 0 = it becomes none
  std::span<const int> allowed;  ///< by pixel, see allowed_losses()
};

/// The largest distance() by which lossy matching may miss each pixel. `largest_error` is that of a
/// pixel whose dwell is 1 in plain surroundings, in levels of luma (0 to 255); more is allowed
/// where it is `busy`. By pixel, `dwells` are the shares, from 1 on, that its squared error is
/// divided into: what is looked at for longer may be off by less.
[[nodiscard]] std::vector<int> allowed_losses(const Busyness& busy,
                                              std::span<const std::uint8_t> dwells,
                                              double largest_error);

/// Finds the longest string of a table that looks like what comes next in a picture. A hole is a
/// colour among others, which differs from pixel to pixel.
///
/// Colours are compared as shades. Half of a pixel's error is carried to the next one of the same
/// string, which so makes up for it. A pixel shows either its own index or a colour that is within
/// its largest error both of what it stands for and of that with the error carried to it. The first
/// pixel of a string shows its own index. (The idea: lossy GIF of K. Lesiński's giflossy.)
class LossyMatcher {
 public:
  /// What the arguments point to must outlive the matcher.
  LossyMatcher(std::span<std::uint8_t> indices, const LossyMatching& matching);

  struct Match {
    LzwCode code = 0;
    std::size_t length = 0;  ///< pixels, at least 1
  };
  /// A long string for the pixels from `at` on: it grows by the pixel's own index where that can
  /// be, otherwise by the colour nearest to it. The pixels' indices become the string's.
  Match take_longest(const LzwTable& table, std::size_t at);

 private:
  /// A string that fits so far.
  struct String {
    LzwCode code = 0;
    Shade carried;
  };

  [[nodiscard]] std::optional<String> extended(const LzwTable& table, const String& from,
                                               std::size_t at) const;
  [[nodiscard]] LzwCode nearest_child(const LzwTable& table, LzwCode from, const Shade& source,
                                      const Shade& wanted, std::size_t at) const;
  [[nodiscard]] Shade shade_at(std::uint8_t index, std::size_t at) const;
  [[nodiscard]] bool may_show(std::uint8_t index, std::size_t at) const;
  void show(const LzwTable& table, const Match& match, std::size_t at);

  std::span<std::uint8_t> indices_;
  std::span<const Argb> pixels_;
  std::span<const Argb> shown_;
  std::span<const int> allowed_;
  std::vector<Shade> shades_;  ///< of the colours
};

}  // namespace anim
