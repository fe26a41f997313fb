// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/upright.h"

#include <utility>

#include <gst/video/video.h>

#include "gst/core/fit.h"
#include "gst/core/rational.h"
#include "gst/glue/handle.h"

namespace anim {
namespace {

GstVideoOrientationMethod orientation_of(GstPad* pad) {
  GstVideoOrientationMethod found = GST_VIDEO_ORIENTATION_IDENTITY;
  for (guint i = 0;; ++i) {
    const auto event = glue::adopt(gst_pad_get_sticky_event(pad, GST_EVENT_TAG, i));
    if (!event) return found;
    GstTagList* tags = nullptr;
    gst_event_parse_tag(event.get(), &tags);
    GstVideoOrientationMethod method{};
    if (gst_video_orientation_from_tag(tags, &method) == FALSE) continue;
    found = method;
    if (gst_tag_list_get_scope(tags) == GST_TAG_SCOPE_STREAM) return found;
  }
}

bool lies_on_its_side(GstVideoOrientationMethod method) {
  return method == GST_VIDEO_ORIENTATION_90R || method == GST_VIDEO_ORIENTATION_90L ||
         method == GST_VIDEO_ORIENTATION_UL_LR || method == GST_VIDEO_ORIENTATION_UR_LL;
}

}  // namespace

Size upright_size(GstPad* pad) {
  const auto caps = glue::adopt(gst_pad_get_current_caps(pad));
  GstVideoInfo info;
  gst_video_info_init(&info);
  if (!caps || gst_video_info_from_caps(&info, caps.get()) == FALSE) return {};
  Size size = square_size({info.width, info.height}, Rational(info.par_n, info.par_d));
  if (lies_on_its_side(orientation_of(pad))) std::swap(size.width, size.height);
  return size;
}

}  // namespace anim
