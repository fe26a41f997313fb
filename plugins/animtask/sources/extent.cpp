// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/extent.h"

#include <algorithm>

namespace anim {
namespace {

// Sound may outlast the pictures a little, and some containers round.
constexpr Nanoseconds kTolerance{kSecond};
constexpr std::int64_t kTolerancePart = 20;

}  // namespace

void Extent::watch(GstPad* pad) {
  gst_segment_init(&segment_, GST_FORMAT_UNDEFINED);
  constexpr auto kTypes =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST |
                                   GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  gst_pad_add_probe(pad, kTypes, &Extent::probe, this, nullptr);
}

void Extent::stop() {
  const std::lock_guard lock(mutex_);
  has_stopped_ = true;
}

bool Extent::is_whole() const {
  const std::lock_guard lock(mutex_);
  return end_ && end_->reached + kTolerance >= end_->stated;
}

std::optional<Extent::Shortfall> Extent::shortfall() const {
  const std::lock_guard lock(mutex_);
  if (!end_) return {};
  const Nanoseconds tolerance = std::max(kTolerance, end_->stated / kTolerancePart);
  return end_->reached + tolerance < end_->stated ? end_ : std::nullopt;
}

GstPadProbeReturn Extent::probe(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto& extent = *static_cast<Extent*>(self);
  if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    extent.take_unit(GST_PAD_PROBE_INFO_BUFFER(info));
  } else if ((info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
    GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
    for (guint i = 0; i < gst_buffer_list_length(list); ++i) {
      extent.take_unit(gst_buffer_list_get(list, i));
    }
  } else {
    extent.take_event(pad, GST_PAD_PROBE_INFO_EVENT(info));
  }
  return GST_PAD_PROBE_OK;
}

void Extent::take_unit(GstBuffer* unit) {
  if (segment_.format != GST_FORMAT_TIME || !GST_BUFFER_PTS_IS_VALID(unit)) return;
  const GstClockTime length = GST_BUFFER_DURATION_IS_VALID(unit) ? GST_BUFFER_DURATION(unit) : 0;
  const guint64 end =
      gst_segment_to_stream_time(&segment_, GST_FORMAT_TIME, GST_BUFFER_PTS(unit) + length);
  if (!GST_CLOCK_TIME_IS_VALID(end)) return;
  reached_ = std::max(reached_, Nanoseconds(static_cast<std::int64_t>(end)));
}

void Extent::take_event(GstPad* pad, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) gst_event_copy_segment(event, &segment_);
  if (GST_EVENT_TYPE(event) != GST_EVENT_EOS) return;
  if (reached_.count() == 0) return;  // units without times tell nothing
  gint64 length = 0;
  if (gst_pad_query_duration(pad, GST_FORMAT_TIME, &length) == FALSE) return;
  const std::lock_guard lock(mutex_);
  if (!has_stopped_) end_ = Shortfall{reached_, Nanoseconds(length)};
}

}  // namespace anim
