// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of an animated WebP without loss: exact changes, coded in the cheaper of two ways.
#pragma once

#include <functional>

#include "gst/core/error.h"
#include "gst/core/exact_changes.h"
#include "gst/core/webp_container.h"
#include "gst/core/webp_lossless.h"

namespace anim {

/// The lossless half of an animation.
class LosslessFrames {
 public:
  explicit LosslessFrames(const LosslessSettings& settings) : settings_(settings) {}

  /// The job that makes the frame which leads to `picture` (Bgra) from what is shown; none when it
  /// is shown already. Called in order; the job may run anywhere.
  [[nodiscard]] std::function<Result<WebpFrame>()> difference(const ImageView& picture);

  /// Something else has been shown: the next frame is whole.
  void forget() { changes_.forget(); }

 private:
  LosslessSettings settings_;
  ExactChanges changes_;
};

/// Whether it is cheaper to lay `change` over what is shown than to replace it: repeats (scrolled
/// text) are torn by what stays, noise is saved by it. Tried on a sample of both.
[[nodiscard]] Result<bool> is_better_laid_over(const ExactChange& change);

}  // namespace anim
