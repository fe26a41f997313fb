// SPDX-License-Identifier: LGPL-2.1-or-later
// The few colours that stand for many.
#pragma once

#include <vector>

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
/// Fewer, one less than a power of two, where the others would not lower the mean squared error by
/// `color_worth` (square levels of a channel) each. Without bins the palette is empty.
[[nodiscard]] Palette make_palette(const std::vector<ColorBin>& bins, int most,
                                   double color_worth = 0);

/// More than any Palette::spread.
inline constexpr double kFarSpread = 256;

/// How far the colours of `bins` lie from `colors` (at least 1): Palette::spread; kFarSpread as
/// soon as it is found to be above `most`.
[[nodiscard]] double palette_spread(const std::vector<ColorBin>& bins, std::vector<Rgb> colors,
                                    double most = kFarSpread);

}  // namespace anim
