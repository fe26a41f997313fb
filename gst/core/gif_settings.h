// SPDX-License-Identifier: LGPL-2.1-or-later
// How a GIF is made, and what follows from its quality.
#pragma once

#include "gst/core/error.h"
#include "gst/core/gif_tables.h"

namespace anim {

/// How pixels become indices when a picture has more colours than its table.
enum class GifDither { Auto, None, Ordered, FloydSteinberg };

/// How a GIF is made.
struct GifSettings {
  unsigned quality = 80;  ///< 1 to 100; see gif_tolerance()
  unsigned colors = 256;  ///< 2 to 256: most colours of a frame, beside its transparent one
  GifPalette palette = GifPalette::Auto;
  GifDither dither = GifDither::Auto;
  unsigned lossy = 50;     ///< 0 to 100; see gif_largest_error()
  bool has_alpha = false;  ///< whether the pictures' alpha counts; below 128 is transparent
};

/// InvalidArgument for a setting that is out of its range.
[[nodiscard]] Status check_gif_settings(const GifSettings& settings);

/// The levels of a channel by which a pixel may differ from what was drawn and yet stay (see
/// GifCanvas): 0 at quality 100, 3 at 80, 9 at 20.
[[nodiscard]] double gif_tolerance(unsigned quality);

/// The levels of luma by which lossy matching may miss a pixel in plain surroundings, see
/// LossyMatching: a tenth of `lossy`; above a quality of 90 less, and none at 100; below 80 more,
/// twice as much at 60. At low qualities pixels that are off look better than pixels that are late.
[[nodiscard]] double gif_largest_error(unsigned lossy, unsigned quality);

}  // namespace anim
