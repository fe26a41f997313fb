// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/queries.h"

#include "gst/glue/clock_time.h"
#include "plugins/animsampling/picture_pool.h"
#include "plugins/animsampling/rate_caps.h"

namespace anim {
namespace {

GstCaps* caps_filter(GstQuery* query) {
  GstCaps* filter = nullptr;
  gst_query_parse_caps(query, &filter);
  return filter;
}

}  // namespace

std::optional<gboolean> Queries::answer_upstream(GstQuery* query) const {
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_CAPS: {
      const RateCaps rates(settings_);
      const auto caps = rates.upstream_may_send(sink_, src_, caps_filter(query));
      gst_query_set_caps_result(query, caps.get());
      return TRUE;
    }
    case GST_QUERY_ALLOCATION:
      return answer_allocation(query);
    default:
      return std::nullopt;
  }
}

std::optional<gboolean> Queries::answer_downstream(GstQuery* query) const {
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_CAPS: {
      const RateCaps rates(settings_);
      const auto caps = rates.downstream_may_get(sink_, src_, caps_filter(query));
      gst_query_set_caps_result(query, caps.get());
      return TRUE;
    }
    case GST_QUERY_LATENCY:
      return answer_latency(query);
    default:
      return settings_.retime ? answer_in_output_time(query) : std::nullopt;
  }
}

std::optional<gboolean> Queries::answer_in_output_time(GstQuery* query) const {
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_POSITION:
      return answer_position(query);
    case GST_QUERY_DURATION:
      return answer_duration(query);
    case GST_QUERY_SEEKING:
      return answer_seeking(query);
    case GST_QUERY_SEGMENT:
      return answer_segment(query);
    default:
      return std::nullopt;
  }
}

// Downstream's answer, with one buffer more for the frame that is held, and with a pool that spares
// decoders a copy where downstream has none.
gboolean Queries::answer_allocation(GstQuery* query) const {
  if (gst_pad_peer_query(src_, query) == FALSE) return FALSE;
  for (guint i = 0; i < gst_query_get_n_allocation_pools(query); ++i) {
    GstBufferPool* pool = nullptr;
    guint size = 0;
    guint min = 0;
    guint max = 0;
    gst_query_parse_nth_allocation_pool(query, i, &pool, &size, &min, &max);
    gst_query_set_nth_allocation_pool(query, i, pool, size, min + 1, max == 0 ? 0 : max + 1);
    g_clear_object(&pool);
  }
  offer_picture_pool(query);
  return TRUE;
}

// A live stream waits here for as long as a frame is on screen.
gboolean Queries::answer_latency(GstQuery* query) const {
  if (gst_pad_peer_query(sink_, query) == FALSE) return FALSE;
  gboolean is_live = FALSE;
  GstClockTime min = 0;
  GstClockTime max = 0;
  gst_query_parse_latency(query, &is_live, &min, &max);
  if (is_live == FALSE) return TRUE;
  const GstClockTime held = clock_time(progress_.frame_distance());
  gst_query_set_latency(query, is_live, min + held,
                        GST_CLOCK_TIME_IS_VALID(max) ? max + held : max);
  return TRUE;
}

gboolean Queries::answer_position(GstQuery* query) const {
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_query_parse_position(query, &format, nullptr);
  if (format != GST_FORMAT_TIME) return FALSE;
  const GstSegment out = progress_.output();
  const guint64 time = gst_segment_to_stream_time(&out, GST_FORMAT_TIME, out.position);
  gst_query_set_position(query, format, static_cast<gint64>(time));
  return TRUE;
}

gboolean Queries::answer_duration(GstQuery* query) const {
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_query_parse_duration(query, &format, nullptr);
  const auto duration = format == GST_FORMAT_TIME ? output_duration() : std::nullopt;
  if (!duration) return FALSE;
  gst_query_set_duration(query, format, duration->count());
  return TRUE;
}

gboolean Queries::answer_seeking(GstQuery* query) const {
  if (gst_pad_peer_query(sink_, query) == FALSE) return FALSE;
  GstFormat format = GST_FORMAT_UNDEFINED;
  gboolean is_seekable = FALSE;
  gst_query_parse_seeking(query, &format, &is_seekable, nullptr, nullptr);
  if (format != GST_FORMAT_TIME) return TRUE;
  const auto duration = output_duration();
  gst_query_set_seeking(query, format, is_seekable, 0, duration ? duration->count() : -1);
  return TRUE;
}

gboolean Queries::answer_segment(GstQuery* query) const {
  const GstSegment out = progress_.output();
  const guint64 start = gst_segment_to_stream_time(&out, GST_FORMAT_TIME, out.start);
  gst_query_set_segment(query, out.rate, GST_FORMAT_TIME, static_cast<gint64>(start), -1);
  return TRUE;
}

std::optional<Nanoseconds> Queries::output_duration() const {
  gint64 source = -1;
  if (gst_pad_peer_query_duration(sink_, GST_FORMAT_TIME, &source) == FALSE || source < 0) {
    return std::nullopt;
  }
  return settings_.plan().output_duration(Nanoseconds(source), frame_distance(sink_));
}

}  // namespace anim
