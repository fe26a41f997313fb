// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of an animated WebP, each with or without loss.
#pragma once

#include <deque>
#include <functional>
#include <optional>

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

  /// Whether a frame is needed that leads to `picture` (I420, A420 or Bgra, of the canvas's size)
  /// from what is shown. Called in order.
  [[nodiscard]] Result<bool> look(const ImageView& picture);

  /// The job that makes the oldest frame not given away, when all is known that it depends on; at
  /// the end that is all. It may run anywhere.
  [[nodiscard]] std::optional<Job> next_job(bool is_end);

 private:
  [[nodiscard]] Result<bool> chosen(const PictureForms& picture);
  [[nodiscard]] bool exact(ExactChange change, const LosslessSettings& settings);
  [[nodiscard]] bool lossy(const PictureForms& picture);
  void keep(const ImageView& picture);
  [[nodiscard]] std::optional<Job> next_lossy(bool is_end);

  WebpSettings settings_;
  ContentChoice choice_;
  LossyFrames lossy_;
  ExactChanges exact_;
  bool is_lossless_ = false;  ///< the latest picture was shown without loss
  Image latest_;              ///< that picture when it was YUV, which RGB does not give back
  std::deque<Job> waiting_;   ///< by frame not given away; empty where it is that of lossy_
};

}  // namespace anim
