// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/facts.h"

#include <optional>
#include <utility>

#include <gst/video/video.h>

#include "gst/core/fit.h"
#include "gst/core/rational.h"
#include "gst/glue/handle.h"

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
  const Rational stated(info->fps_n, info->fps_d);
  if (!is_constant_rate(stated)) return {};
  return stated;
}

// matroskademux says 1 ns of a file that does not state its length (GStreamer 1.22).
std::optional<Nanoseconds> length_of(GstPad* pad) {
  constexpr gint64 kShortest = GST_MSECOND;
  gint64 length = 0;
  const bool is_said = gst_pad_query_duration(pad, GST_FORMAT_TIME, &length) != FALSE;
  if (!is_said || length < kShortest) return {};
  return Nanoseconds(length);
}

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

// As a viewer sees the pictures: turned upright, in square pixels.
Size upright_size(GstPad* pad) {
  const auto info = info_of(pad);
  if (!info) return {};
  Size size = square_size({info->width, info->height}, Rational(info->par_n, info->par_d));
  if (lies_on_its_side(orientation_of(pad))) std::swap(size.width, size.height);
  return size;
}

}  // namespace

UnitFacts unit_facts(GstPad* encoded) {
  UnitFacts facts;
  facts.length = length_of(encoded);
  const auto caps = glue::adopt(gst_pad_get_current_caps(encoded));
  gint num = 0;
  gint den = 0;
  const bool is_rated = caps && gst_structure_get_fraction(gst_caps_get_structure(caps.get(), 0),
                                                           "framerate", &num, &den) != FALSE;
  if (is_rated && num > 0 && den > 0) facts.rate = Rational(num, den);
  return facts;
}

SourceFacts facts_of(GstPad* decoded, const UnitFacts& units) {
  const auto info = info_of(decoded);
  return {.size = upright_size(decoded),
          .frame_rate = frame_rate_of(decoded),
          .length = units.length ? units.length : length_of(decoded),
          .may_be_interlaced = info && GST_VIDEO_INFO_IS_INTERLACED(&*info),
          .has_alpha = info && GST_VIDEO_INFO_HAS_ALPHA(&*info)};
}

}  // namespace anim
