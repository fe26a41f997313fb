// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/anchor.h"

#include <optional>

#include "gst/glue/handle.h"

namespace live_clip {
namespace {

using anim::glue::adopt;

// A frame may be that late (jitter buffers and demuxers of live sources hold back up to 2 s) or
// that early (a time-lapse camera) before the times are taken for broken.
constexpr GstClockTimeDiff kMostLate = 5 * GST_SECOND;
constexpr GstClockTimeDiff kMostEarly = 10 * GST_SECOND;

bool is_live(GstPad* pad) {
  const auto query = adopt(gst_query_new_latency());
  gboolean live = FALSE;
  if (gst_pad_query(pad, query.get()) != FALSE) {
    gst_query_parse_latency(query.get(), &live, nullptr, nullptr);
  }
  return live != FALSE;
}

/// The running time of a buffer of this pad, without any offset of the pad.
std::optional<GstClockTimeDiff> running_time(GstPad* pad, GstBuffer* buffer) {
  const auto event = adopt(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  const GstClockTime time = GST_BUFFER_DTS_OR_PTS(buffer);
  if (!event || !GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  guint64 out = 0;
  const int sign = gst_segment_to_running_time_full(segment, GST_FORMAT_TIME, time, &out);
  if (sign == 0) return std::nullopt;
  return sign * static_cast<GstClockTimeDiff>(out);
}

}  // namespace

void Anchor::attach(GstPad* pad, bool leads) {
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER,
                    leads ? &Anchor::on_leading_buffer : &Anchor::on_buffer, this, nullptr);
}

GstPadProbeReturn Anchor::on_buffer(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  static_cast<Anchor*>(self)->follow(pad, GST_PAD_PROBE_INFO_BUFFER(info), false);
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn Anchor::on_leading_buffer(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  static_cast<Anchor*>(self)->follow(pad, GST_PAD_PROBE_INFO_BUFFER(info), true);
  return GST_PAD_PROBE_OK;
}

void Anchor::follow(GstPad* pad, GstBuffer* buffer, bool leads) {
  const auto time = running_time(pad, buffer);
  if (!time) return;
  const auto now = static_cast<GstClockTimeDiff>(gst_element_get_current_running_time(pipeline_));
  const std::scoped_lock lock(mutex_);
  if (!is_anchored_) {
    is_anchored_ = true;
    if (!is_live(pad)) shift_ = now - *time;
  } else if (leads && is_off(*time + shift_ - now)) {
    shift_ = now - *time;
  }
  if (gst_pad_get_offset(pad) != shift_) gst_pad_set_offset(pad, shift_);
}

bool Anchor::is_off(GstClockTimeDiff early) const {
  return early > kMostEarly || early < -kMostLate;
}

}  // namespace live_clip
