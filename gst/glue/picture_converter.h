// SPDX-License-Identifier: LGPL-2.1-or-later
// Video frames as the pictures that the codecs take, converted only where they are something else.
#pragma once

#include <optional>

#include <gst/video/video.h>

#include "gst/core/colour.h"
#include "gst/core/error.h"
#include "gst/core/image.h"
#include "gst/core/packed_pixels.h"
#include "gst/core/yuv_matrix.h"
#include "gst/glue/handle.h"

namespace anim::glue {

/// The picture in a mapped frame, in the order of the components (so YV12 is seen as I420).
[[nodiscard]] ImageView view_of(const GstVideoFrame& frame, PixelFormat format);

/// Turns frames of one GstVideoInfo into pictures of one PixelFormat. YUV comes out as BT.601 in
/// limited range, whatever matrix and range the caps say; colours that need nothing are not
/// touched. RGB is put in order by put_packed(), which takes a third of GstVideoConverter's time
/// and no unused byte for alpha. Between YUV layouts and from RGB to YUV GstVideoConverter changes
/// the layout; the colours are changed by YuvMatrix from YUV to YUV (1.22's converter forgets the
/// range of I420 and is off by up to 7 levels) and by ColourStep from YUV to RGB (the converter
/// makes 253 of white). Used from one thread.
class PictureConverter {
 public:
  /// Prepares for frames like `input`. Unset colorimetry is taken as GStreamer's default.
  Status configure(const GstVideoInfo& input, PixelFormat format);

  /// Whether frames pass as they are.
  /// The picture of `frame`: its own planes, or ours until the next call.
  [[nodiscard]] ImageView convert(const GstVideoFrame& frame);

 private:
  ImageView in_layout(const GstVideoFrame& frame);
  ImageView in_order(const GstVideoFrame& frame);
  ImageView in_rgb(const ImageView& ayuv);

  PixelFormat format_ = PixelFormat::Bgra;
  GstVideoInfo input_info_{};
  GstVideoInfo output_info_{};
  Owned<GstVideoConverter> converter_;
  Owned<GstBuffer> output_;
  std::optional<YuvMatrix> matrix_;
  std::optional<ColourStep> to_rgb_;
  std::optional<PackedOrder> order_;  ///< of RGB that becomes RGB
  Image recoloured_;
};

}  // namespace anim::glue
