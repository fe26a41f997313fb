// SPDX-License-Identifier: LGPL-2.1-or-later
// What has to be drawn on a GIF's canvas for the next picture: the pixels that changed since they
// were last drawn.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/geometry.h"
#include "gst/core/image.h"
#include "gst/core/rgb.h"
#include "gst/core/still_blocks.h"

namespace anim {

/// How a dwell, the time that a pixel is shown, is counted; longer ones count as the longest.
inline constexpr int kDwellsPerSecond = 12;
inline constexpr int kLongestDwell = 13;

/// How many frames, which draw nothing else, refine a still.
inline constexpr int kStillRefinements = 2;

/// What to draw.
struct GifChange {
  Rect rect;
  std::vector<Argb> pixels;  ///< of rect, row by row; alpha 0 = leave the canvas alone
  bool clears = false;       ///< the whole canvas is cleared before
  bool is_exact = false;     ///< `pixels` are to be drawn in `colors`, which are all of theirs
  std::vector<Rgb> colors;   ///< empty unless is_exact
  /// By pixel, for how long it is shown, as far as is known: in kDwellsPerSecond, from 1 to
  /// kLongestDwell. Empty as long as nothing is.
  std::vector<std::uint8_t> dwells;
  /// Where it is time for refine(): by pixel of the canvas, what is to be seen that frames before
  /// have drawn and no later one that is known of does; 0 = nothing. Otherwise empty.
  std::vector<Argb> stays;
  /// Of a frame that draws nothing itself: how many after it refine the same still.
  int more_refine = 0;
};

/// Whether any pixel leaves the canvas alone.
[[nodiscard]] bool has_holes(std::span<const Argb> pixels);

/// Compares pictures with a canvas that holds, for each pixel, the source's colour when it was last
/// drawn ("carried over"). A slow drift is therefore drawn as soon as it has added up to the
/// tolerance, and nothing that moved away stays behind. In macroblocks that are still as a whole,
/// and under noise, a pixel may differ by more. Where most of a picture changes, one that is not in
/// such a macroblock may differ by half as much.
///
/// A picture of few colours (no more than the table holds, beside the transparent entry where one
/// is needed) is compared exactly, also with what was drawn in approximate colours before.
class GifCanvas {
 public:
  struct Rules {
    int most_colors = 256;   ///< 2 to 256: of a picture, without the transparent entry
    double tolerance = 0;    ///< levels of a channel by which a pixel may differ and stay; 0 = none
    bool has_alpha = false;  ///< pixels of alpha below 128 are transparent; otherwise none is
  };
  GifCanvas(Size size, Rules rules);

  /// Draws `picture` (Bgra or Rgba, of the canvas's size) and says what changed; nothing when the
  /// canvas shows it already. The first one always covers the canvas. With alpha, what is drawn
  /// covers every pixel that is not transparent, so that clearing it clears the canvas.
  Result<std::optional<GifChange>> draw(const ImageView& picture);

  /// A change that draws nothing.
  [[nodiscard]] GifChange nothing() const;

  /// The latest picture: 0, or alpha 255.
  [[nodiscard]] const std::vector<Argb>& picture() const { return next_; }
  /// A pixel that is drawn approximately gets another colour, of alpha 255.
  void become(std::size_t pixel, Argb color);
  /// What a pixel that is drawn was to look like, of alpha 255.
  [[nodiscard]] Argb drawn(std::size_t pixel) const { return carried_[pixel] | kExactly; }

 private:
  /// The largest color_distance() of pixels that stay, in blocks of either kind.
  struct Limits {
    int moved = 0;
    int sooner = 0;  ///< of those that moved, when most of the picture changes
    int still = 0;
  };

  static constexpr Argb kExactly = 0xFF000000;
  static constexpr Argb kApproximately = 0xFE000000;

  Status load(const ImageView& picture);
  [[nodiscard]] std::optional<std::vector<Rgb>> few_colors(const std::vector<Argb>& pixels) const;
  void compare_blocks(const ImageView& picture, bool exactly);
  [[nodiscard]] bool uncovers() const;
  template <class Visit>
  void visit_blocks(Visit visit) const;
  Rect mark(bool exactly);
  void mark_alike(int most);
  void mark_blocks();
  [[nodiscard]] Limits limits() const;
  [[nodiscard]] Rect visible() const;
  [[nodiscard]] std::vector<Argb> pixels_of(const Rect& rect, bool only_changed) const;
  [[nodiscard]] GifChange take(const Rect& rect) const;
  void carry(const GifChange& change);

  Size size_;
  Rules rules_;
  StillBlocks blocks_;
  bool is_blank_ = true;               ///< nothing drawn yet
  std::vector<Argb> next_;             ///< the picture: 0, or alpha 255
  std::vector<Argb> carried_;          ///< 0, or alpha 255 = drawn exactly, 254 = approximately
  std::vector<std::uint8_t> changed_;  ///< by pixel of next_: 0 = it stays
};

}  // namespace anim
