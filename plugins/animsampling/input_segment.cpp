// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/input_segment.h"

#include <cstdint>

#include "gst/core/sampling.h"
#include "gst/glue/clock_time.h"

namespace anim {

void InputSegment::open() {
  gst_segment_init(&segment_, GST_FORMAT_TIME);
  is_stop_wished_ = false;
}

void InputSegment::flush() {
  open();
  is_after_flush_ = true;
}

void InputSegment::begin(const GstSegment& segment, bool is_stop_wished) {
  open();
  if (segment.format == GST_FORMAT_TIME) segment_ = segment;
  is_stop_wished_ = is_stop_wished;
}

bool InputSegment::maps_like(const GstSegment& segment) const {
  return segment.format == segment_.format && segment.rate == segment_.rate &&
         segment.start == segment_.start && segment.base == segment_.base &&
         segment.offset == segment_.offset;
}

bool InputSegment::is_plain() const {
  return segment_.rate == 1.0 && (segment_.flags & GST_SEGMENT_FLAG_SEGMENT) == 0;
}

bool InputSegment::counts_like(const GstSegment& segment) const {
  return segment.format == segment_.format && segment.rate == segment_.rate &&
         segment.applied_rate == segment_.applied_rate &&
         segment.start - segment.time == segment_.start - segment_.time;
}

std::optional<Nanoseconds> InputSegment::running_time(GstClockTime pts) const {
  guint64 time = 0;
  const int sign = gst_segment_to_running_time_full(&segment_, GST_FORMAT_TIME, pts, &time);
  if (sign == 0) return std::nullopt;
  if (sign > 0) return time_or_none(time);
  const auto before = length_or_none(time);
  return before ? std::optional(-*before) : std::nullopt;
}

std::optional<Nanoseconds> InputSegment::running_length(GstClockTime length) const {
  const auto whole = length_or_none(length);
  if (!whole || segment_.rate == 1.0) return whole;
  const auto from = running_time(segment_.start);
  const auto until = running_time(segment_.start + length);
  if (!from || !until) return std::nullopt;
  return *until - *from;
}

std::optional<Nanoseconds> InputSegment::running_duration(GstBuffer* buffer) const {
  return running_length(GST_BUFFER_DURATION(buffer));
}

std::optional<Nanoseconds> InputSegment::stream_time(GstBuffer* buffer) const {
  return time_or_none(
      gst_segment_to_stream_time(&segment_, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer)));
}

std::optional<Nanoseconds> InputSegment::stream_time_at(Nanoseconds running_time) const {
  if (running_time < Nanoseconds(0)) return std::nullopt;
  guint64 position = gst_segment_position_from_running_time(
      &segment_, GST_FORMAT_TIME, static_cast<guint64>(running_time.count()));
  if (!GST_CLOCK_TIME_IS_VALID(position)) position = segment_.stop;
  return time_or_none(gst_segment_to_stream_time(&segment_, GST_FORMAT_TIME, position));
}

// Demuxers send other GAPs to a video that has ended while the sound goes on, which says nothing
// about the length of the video.
std::optional<Nanoseconds> InputSegment::missing_until(GstEvent* event) const {
  if (GST_EVENT_TYPE(event) != GST_EVENT_GAP) return std::nullopt;
  GstGapFlags flags{};
  gst_event_parse_gap_flags(event, &flags);
  if ((flags & GST_GAP_FLAG_MISSING_DATA) == 0) return std::nullopt;
  GstClockTime start = GST_CLOCK_TIME_NONE;
  GstClockTime length = GST_CLOCK_TIME_NONE;
  gst_event_parse_gap(event, &start, &length);
  const auto from = time_or_none(start);
  if (!from) return std::nullopt;
  return running_time(clock_time(*from + length_or_none(length).value_or(Nanoseconds(0))));
}

Nanoseconds InputSegment::wished_stop() const {
  if (!is_stop_wished_ || !GST_CLOCK_TIME_IS_VALID(segment_.stop)) return kForever;
  return running_time(segment_.stop).value_or(kForever);
}

Nanoseconds InputSegment::stream_start() const {
  return time_or_none(segment_.time).value_or(Nanoseconds(0));
}

}  // namespace anim
