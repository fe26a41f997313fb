// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/facts.h"

#include <optional>

#include <gst/video/video.h>

#include "gst/glue/handle.h"
#include "plugins/animtask/upright.h"

namespace anim {
namespace {

std::optional<GstVideoInfo> info_of(GstPad* pad) {
  const auto caps = glue::adopt(gst_pad_get_current_caps(pad));
  GstVideoInfo info;
  gst_video_info_init(&info);
  if (!caps || gst_video_info_from_caps(&info, caps.get()) == FALSE) return {};
  return info;
}

std::optional<Rational> frame_rate_of(GstPad* pad) {
  const auto info = info_of(pad);
  if (!info || info->fps_n <= 0 || info->fps_d <= 0) return {};
  return Rational(info->fps_n, info->fps_d);
}

std::optional<Nanoseconds> length_of(GstPad* pad) {
  gint64 length = 0;
  if (gst_pad_query_duration(pad, GST_FORMAT_TIME, &length) == FALSE || length <= 0) return {};
  return Nanoseconds(length);
}

}  // namespace

Result<SourceFacts> facts_of(GstPad* decoded, const TaskSource& source) {
  SourceFacts facts;
  facts.size = upright_size(decoded);
  facts.frame_rate = frame_rate_of(decoded);
  const auto whole = length_of(decoded);
  if (!whole) return facts;
  const auto length = trimmed_length(source, *whole);
  if (!length) return length.error();
  facts.length = *length;
  return facts;
}

bool may_be_interlaced(GstPad* decoded) {
  const auto info = info_of(decoded);
  return info && GST_VIDEO_INFO_IS_INTERLACED(&*info);
}

}  // namespace anim
