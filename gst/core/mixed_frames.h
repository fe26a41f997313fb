// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of an animated WebP, each with or without loss.
#pragma once

#include <functional>

#include "gst/core/content_choice.h"
#include "gst/core/error.h"
#include "gst/core/exact_changes.h"
#include "gst/core/image.h"
#include "gst/core/lossy_frames.h"
#include "gst/core/picture_forms.h"
#include "gst/core/webp_container.h"
#include "gst/core/webp_picture.h"

namespace anim {

/// Codes each picture as the settings say or as ContentChoice finds better, and knows which parts
/// of the canvas are shown with loss.
class MixedFrames {
 public:
  using Job = std::function<Result<WebpFrame>()>;

  MixedFrames(const WebpSettings& settings, Size canvas);

  /// The job that makes the frame which leads to `picture` (I420, A420 or Bgra, of the canvas's
  /// size) from what is shown; none when it is shown already. Called in order; the job may run
  /// anywhere.
  [[nodiscard]] Result<Job> difference(const ImageView& picture);

 private:
  [[nodiscard]] Result<Job> chosen(const PictureForms& picture);
  [[nodiscard]] Job exact(ExactChange change, const LosslessSettings& settings);
  [[nodiscard]] Job lossy(const PictureForms& picture);
  void keep(const ImageView& picture);

  WebpSettings settings_;
  ContentChoice choice_;
  LossyFrames lossy_;
  ExactChanges exact_;
  bool is_lossless_ = false;  ///< the latest picture was shown without loss
  Image latest_;              ///< that picture when it was YUV, which RGB does not give back
};

}  // namespace anim
