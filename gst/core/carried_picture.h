// SPDX-License-Identifier: LGPL-2.1-or-later
// What an animation shows: the source of each block as it was when the block was last encoded.
#pragma once

#include "gst/core/geometry.h"
#include "gst/core/image.h"

namespace anim {

/// How far a block may stray from what is shown before it is encoded again, in 8-bit levels.
/// 0 = it must be the same.
struct BlockTolerance {
  int sample = 0;  ///< of any sample; beyond that its plane's mean may stray by one level
};

/// Finds what has to be encoded. New pictures are compared with the *source* that each block was
/// last encoded from, never with the picture before: slow changes add up until they are seen, and
/// an error can never exceed the tolerance.
class CarriedPicture {
 public:
  /// Changes are found in blocks of this side, in pixels: a macroblock of VP8.
  static constexpr int kBlock = 16;

  explicit CarriedPicture(BlockTolerance tolerance) : tolerance_(tolerance) {}

  /// The smallest rectangle of whole blocks (cut at the picture's right and bottom) around all
  /// changes; it is taken as shown from now on. Empty when nothing has changed, everything when
  /// there was nothing or the format or size is another. Alpha always compares exactly.
  [[nodiscard]] Rect update(const ImageView& picture);

  /// All of `picture` is shown from now on.
  void show(const ImageView& picture) { shown_ = Image(picture); }

 private:
  [[nodiscard]] bool is_changed(const ImageView& picture, const Rect& block) const;
  [[nodiscard]] Rect changed_area(const ImageView& picture) const;

  BlockTolerance tolerance_;
  Image shown_;
};

}  // namespace anim
