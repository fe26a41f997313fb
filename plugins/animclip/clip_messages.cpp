// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/clip_messages.h"

#include <algorithm>

#include "gst/glue/clock_time.h"

namespace anim {
namespace {

void post(GstElement* element, GstStructure* structure) {
  gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), structure));
}

GstStructure* message_of(const Clip& clip, const char* name, const char* location) {
  return gst_structure_new(name, "id", G_TYPE_UINT, clip.id, "location", G_TYPE_STRING, location,
                           nullptr);
}

}  // namespace

void post_started(GstElement* element, const Clip& clip) {
  GstStructure* message = message_of(clip, "animclip-started", clip.place.c_str());
  gst_structure_set(message, "running-time", G_TYPE_UINT64, clock_time(clip.trigger), nullptr);
  post(element, message);
}

void post_progress(GstElement* element, const Clip& clip, std::uint64_t frames,
                   std::optional<std::uint64_t> expected) {
  constexpr std::uint64_t kAll = 100;
  gint percent = -1;
  if (expected && *expected > 0) {
    percent = static_cast<gint>(std::min(frames * kAll / *expected, kAll));
  }
  post(element, gst_structure_new("animclip-progress", "id", G_TYPE_UINT, clip.id, "percent",
                                  G_TYPE_INT, percent, "frames", G_TYPE_UINT64, frames, nullptr));
}

void post_done(GstElement* element, const Clip& clip, const ClipReport& report, bool is_truncated) {
  GstStructure* message = message_of(clip, "animclip-done", report.place.c_str());
  gst_structure_set(message, "first-stream-time", G_TYPE_UINT64, report.first_stream_time,
                    "last-stream-time", G_TYPE_UINT64, report.last_stream_time, "frames",
                    G_TYPE_UINT64, report.frames, "bytes", G_TYPE_UINT64, report.bytes,
                    "first-wall-time", G_TYPE_UINT64,
                    static_cast<guint64>(std::max<std::int64_t>(report.first_wall_time, 0)),
                    "truncated", G_TYPE_BOOLEAN, static_cast<gboolean>(is_truncated), nullptr);
  post(element, message);
}

void post_failed(GstElement* element, const Clip& clip, const Error& error) {
  GstStructure* message = message_of(clip, "animclip-failed", clip.place.c_str());
  gst_structure_set(message, "error", G_TYPE_STRING, error.message.c_str(), "detail", G_TYPE_STRING,
                    error.detail.c_str(), nullptr);
  post(element, message);
}

}  // namespace anim
