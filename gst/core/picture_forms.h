// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture as RGB and as YUV, each made when it is first asked for.
#pragma once

#include "gst/core/image.h"

namespace anim {

/// Views are valid as long as this and the planes of the picture that it was made of.
class PictureForms {
 public:
  /// Of I420, A420 or Bgra.
  explicit PictureForms(const ImageView& picture) : given_(picture) {}

  [[nodiscard]] const ImageView& given() const { return given_; }
  /// Bgra; of YUV what a WebP decoder shows of it.
  [[nodiscard]] ImageView rgb() const;
  /// I420, or A420 when anything is transparent.
  [[nodiscard]] ImageView yuv() const;

 private:
  ImageView given_;
  mutable Image other_;
};

}  // namespace anim
