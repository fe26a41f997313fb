// SPDX-License-Identifier: LGPL-2.1-or-later
// How much of a picture's macroblocks has changed beyond the clip's noise.
#pragma once

#include <vector>

#include "gst/core/carried_picture.h"
#include "gst/core/image.h"
#include "gst/core/noise_level.h"

namespace anim {

/// Compares the pictures of a clip, in order, with what is on screen; the clip's noise is learnt
/// from them.
class BlockChanges {
 public:
  /// By macroblock of `picture`, how it differs from `shown`, a picture like it, on screen.
  [[nodiscard]] std::vector<BlockChange> find(const ImageView& picture,
                                              const CarriedPicture& shown);

  /// The variance of a sample of luma over time where nothing moves.
  [[nodiscard]] double noise() const { return noise_.variance(); }

 private:
  [[nodiscard]] std::vector<BlockChange> compare(const ImageView& picture,
                                                 const CarriedPicture& shown);

  NoiseLevel noise_;
};

}  // namespace anim
