// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/key_events.h"

#include <gst/video/video.h>

namespace anim {
namespace {

using glue::adopt;
using glue::Owned;

constexpr const char* kName = "anim-random-access";
constexpr const char* kTimestamp = "timestamp";
constexpr const char* kEnd = "anim-end-time";

}  // namespace

Owned<GstEvent> new_random_access_event() {
  return adopt(
      gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, gst_structure_new_empty(kName)));
}

Owned<GstEvent> new_random_access_event(GstClockTime timestamp) {
  return adopt(gst_event_new_custom(
      GST_EVENT_CUSTOM_DOWNSTREAM_STICKY,
      gst_structure_new(kName, kTimestamp, G_TYPE_UINT64, timestamp, nullptr)));
}

Owned<GstEvent> new_end_event(Nanoseconds running_time) {
  auto event = adopt(gst_video_event_new_still_frame(TRUE));
  gst_structure_set(gst_event_writable_structure(event.get()), kEnd, G_TYPE_INT64,
                    gint64{running_time.count()}, nullptr);
  return event;
}

bool is_random_access_event(GstEvent* event) {
  return gst_event_has_name(event, kName) != FALSE;
}

std::optional<GstClockTime> random_access_timestamp(GstEvent* event) {
  guint64 timestamp = 0;
  if (!is_random_access_event(event)) return {};
  if (gst_structure_get_uint64(gst_event_get_structure(event), kTimestamp, &timestamp) == FALSE) {
    return {};
  }
  return timestamp;
}

std::optional<Nanoseconds> end_time(GstEvent* event) {
  gint64 time = 0;
  const GstStructure* structure = gst_event_get_structure(event);
  if (structure == nullptr || gst_structure_get_int64(structure, kEnd, &time) == FALSE) return {};
  return Nanoseconds(time);
}

}  // namespace anim
