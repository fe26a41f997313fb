// SPDX-License-Identifier: LGPL-2.1-or-later
// Draws anew what stays on screen and is shown worst: a table made for it alone shows it better
// than that of a whole picture.
#pragma once

#include <cstddef>
#include <vector>

#include "gst/core/gif_changes.h"
#include "gst/core/gif_screen.h"

namespace anim {

/// A few pixels that stay, and how they are shown.
struct ShownBlock {
  Rect rect;
  double error = 0;  ///< as much as is seen of it
  int luma = 0;      ///< see shade_luma()
};

/// The blocks of what stays that a screen shows worst. Compared are mean colours of a few pixels,
/// which dithering leaves alone, and with less weight their grain. Of a block in plain surroundings
/// their squared error has to be above `least_error` (square levels), of a busy one, where error is
/// seen less and costs more, as much more.
class WorstBlocks {
 public:
  /// `stays`: see GifChange.
  WorstBlocks(const std::vector<Argb>& stays, const GifScreen& screen, double least_error);

  /// Adds the worst of them to the change that says what stays, at most `share` of the screen, but
  /// one of any share above 0. Where change.more_refine more frames follow, they are the darkest of
  /// that many times more.
  void draw(GifChange& change, double share) const;

 private:
  [[nodiscard]] std::size_t blocks_in(double share) const;

  Size canvas_;
  std::vector<ShownBlock> blocks_;  ///< the worst first
};

}  // namespace anim
