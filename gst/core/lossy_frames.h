// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of an animated WebP with loss: rectangles of what has visibly changed.
#pragma once

#include <functional>

#include "gst/core/carried_picture.h"
#include "gst/core/error.h"
#include "gst/core/webp_container.h"
#include "gst/core/webp_picture.h"

namespace anim {

/// The lossy half of an animation.
class LossyFrames {
 public:
  explicit LossyFrames(const WebpSettings& settings);

  /// The job that makes the frame which leads to `picture` (I420 or A420) from what is shown; none
  /// when no change is to be seen. Called in order; the job may run anywhere.
  [[nodiscard]] std::function<Result<WebpFrame>()> difference(const ImageView& picture);

  /// What the latest frame covers; empty when there was no change.
  [[nodiscard]] const Rect& coded() const { return coded_; }

  /// `picture` has been shown in another way, without loss.
  void show(const ImageView& picture) { carried_.show(picture); }

 private:
  WebpSettings settings_;
  CarriedPicture carried_;
  Rect coded_;
};

}  // namespace anim
