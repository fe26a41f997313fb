// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/picture_view.h"

namespace anim {
namespace {

ChannelView channel_of(const GstVideoFrame& frame, unsigned component) {
  return {.data = GST_VIDEO_FRAME_COMP_DATA(&frame, component),
          .row_stride = GST_VIDEO_FRAME_COMP_STRIDE(&frame, component),
          .sample_stride = GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, component),
          .size = {GST_VIDEO_FRAME_COMP_WIDTH(&frame, component),
                   GST_VIDEO_FRAME_COMP_HEIGHT(&frame, component)}};
}

}  // namespace

PictureView view_of(const GstVideoFrame& frame) {
  PictureView out;
  const GstVideoFormatInfo* format = frame.info.finfo;
  if (GST_VIDEO_FORMAT_INFO_IS_RGB(format)) out.model = PictureView::Model::Rgb;
  out.is_full_range = frame.info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  const unsigned colours = GST_VIDEO_FORMAT_INFO_IS_GRAY(format) ? 1 : GST_VIDEO_COMP_A;
  for (unsigned i = 0; i < colours; ++i) out.colours.at(i) = channel_of(frame, i);
  if (GST_VIDEO_FORMAT_INFO_HAS_ALPHA(format)) out.alpha = channel_of(frame, GST_VIDEO_COMP_A);
  return out;
}

}  // namespace anim
