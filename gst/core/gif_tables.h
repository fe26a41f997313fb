// SPDX-License-Identifier: LGPL-2.1-or-later
// Which table of colours each frame of a GIF has: the file's own, or one for itself.
#pragma once

#include <vector>

#include "gst/core/gif_changes.h"
#include "gst/core/palette.h"

namespace anim {

/// Where the colours of frames come from.
enum class GifPalette {
  Auto,      ///< the first frame's where a table of their own would not pay
  PerFrame,  ///< each frame's own
  Global,    ///< one table for the whole file
};

/// What a frame's table may be.
struct GifTableRules {
  int most = 255;  ///< colours
  /// The squared error, in levels of a channel, summed over the pixels, that a byte more has to
  /// save; 0 = bytes do not count.
  double byte_worth = 0;
  /// Made of every colour by itself, as many as its pixels are, instead of bins of colours in which
  /// rare ones count for more.
  bool is_close = false;
};

/// The table of the first frame, `changes`.front(). For Global it has the colours of all of
/// `changes`, which are what is known of the animation, and a few from everywhere: what comes later
/// may look like nothing before.
[[nodiscard]] Palette first_table(const std::vector<const GifChange*>& changes, GifPalette palette,
                                  int most);

/// The table of a frame that comes after one with the table `first`.
[[nodiscard]] Palette next_table(const GifChange& change, const Palette& first, GifPalette palette,
                                 const GifTableRules& rules);

}  // namespace anim
