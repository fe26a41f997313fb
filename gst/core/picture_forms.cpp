// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/picture_forms.h"

#include "gst/core/rgb_yuv.h"

namespace anim {

ImageView PictureForms::rgb() const {
  if (given_.format == PixelFormat::Bgra) return given_;
  if (other_.is_empty()) other_ = rgb_from_yuv(given_);
  return other_.view();
}

ImageView PictureForms::yuv() const {
  if (given_.format != PixelFormat::Bgra) return given_;
  if (other_.is_empty()) {
    other_ = yuv_from_rgb(given_, is_opaque(given_) ? PixelFormat::I420 : PixelFormat::A420);
  }
  return other_.view();
}

}  // namespace anim
