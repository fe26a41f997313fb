// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/intake.h"

#include <algorithm>
#include <utility>

#include "gst/glue/clock_time.h"
#include "plugins/animclip/kept_buffer.h"

namespace anim {
namespace {

// Running time; before 0 where the buffer lies before its segment. Nothing for what is no time.
std::optional<Nanoseconds> running_time(const GstSegment& segment, GstClockTime time) {
  if (!GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
  guint64 running = 0;
  const int sign = gst_segment_to_running_time_full(&segment, GST_FORMAT_TIME, time, &running);
  const auto distance = time_or_none(running);
  if (sign == 0 || !distance) return std::nullopt;
  return sign * *distance;
}

// When a camera's own clock says that the picture was taken: NTP counts from 1900.
std::optional<std::int64_t> reference_time(GstBuffer* buffer) {
  if (gst_buffer_get_meta(buffer, GST_REFERENCE_TIMESTAMP_META_API_TYPE) == nullptr) return {};
  constexpr std::int64_t kFrom1900To1970 = std::int64_t{2'208'988'800} * kSecond;
  for (const auto& [caps, epoch] : {std::pair("timestamp/x-unix", std::int64_t{0}),
                                    std::pair("timestamp/x-ntp", kFrom1900To1970)}) {
    const auto reference = glue::adopt(gst_caps_new_empty_simple(caps));
    const auto* meta = gst_buffer_get_reference_timestamp_meta(buffer, reference.get());
    if (meta != nullptr) return static_cast<std::int64_t>(meta->timestamp) - epoch;
  }
  return std::nullopt;
}

// What makes wall-clock time of the running time of the buffer, which is `time`.
std::int64_t wall_offset(GstBuffer* buffer, Nanoseconds time, std::optional<ClockReading> clock) {
  if (const auto reference = reference_time(buffer)) return *reference - time.count();
  if (clock) return clock->wall - clock->running.count();
  return g_get_real_time() * 1000 - time.count();
}

// `time`: the buffer's running time.
std::optional<Nanoseconds> stream_offset(GstBuffer* buffer, Nanoseconds time,
                                         const GstSegment& segment) {
  const auto stream_time =
      time_or_none(gst_segment_to_stream_time(&segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer)));
  if (!stream_time) return std::nullopt;
  return *stream_time - time;
}

}  // namespace

bool Intake::begin(GstCaps* caps) {
  const char* name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  const bool is_raw = g_str_equal(name, "video/x-raw") != FALSE;
  auto unit_format = is_raw ? std::nullopt : anim::unit_format(caps);
  if (!is_raw && !unit_format) return false;
  format_ = std::make_shared<const StreamFormat>(StreamFormat{glue::share(caps), is_raw});
  reader_.reset();
  if (unit_format) reader_.emplace(*unit_format);
  unit_format_ = std::move(unit_format);
  forget_horizon();
  places_ = DisplayPlaces(order());
  return true;
}

void Intake::begin_stream() {
  if (!format_) return;
  const Format before = format_;
  static_cast<void>(begin(before->caps.get()));  // they have been taken before
}

void Intake::restart() {
  if (reader_) reader_->restart();
  times_ = LiveTimes();
  last_time_.reset();
  newest_time_.reset();
  forget_horizon();
  places_ = DisplayPlaces(order());
}

UnitOrder Intake::order() const {
  return unit_format_ ? unit_order(unit_format_->codec) : UnitOrder{};
}

void Intake::forget_horizon() {
  horizon_ = ReorderHorizon(order().reorder_limit);
}

// Of a picture that has lost its time, as in MPEG-TS whose 33 bits begin anew: it follows the one
// before it. A second field comes with its first.
std::optional<Nanoseconds> Intake::distance_of(GstBuffer* buffer, const GateUnit& role) const {
  const bool has_time = GST_BUFFER_PTS_IS_VALID(buffer);
  if (has_time || !newest_time_ || role.continues_picture || !role.is_shown) return std::nullopt;
  return time_or_none(GST_BUFFER_DURATION(buffer)).value_or(Nanoseconds(0));
}

std::optional<Intake::Times> Intake::times_of(GstBuffer* buffer, const GateUnit& role,
                                              const GstSegment& segment,
                                              std::optional<ClockReading> clock) {
  const auto decode_time = running_time(segment, GST_BUFFER_DTS(buffer));
  auto time = running_time(segment, GST_BUFFER_PTS(buffer));
  const auto distance = distance_of(buffer, role);
  if (distance) time = *newest_time_ + *distance;
  if (!time) time = last_time_ ? last_time_ : decode_time;
  if (!time) return std::nullopt;
  last_time_ = time;
  const std::uint64_t jumps = times_.jumps();
  const auto now = clock ? std::optional(clock->running) : std::nullopt;
  const Nanoseconds shift = times_.shift(*time, decode_time, now);
  if (times_.jumps() != jumps) {
    newest_time_.reset();
    forget_horizon();
  }
  newest_time_ = std::max(newest_time_.value_or(*time), *time);
  Times out{*time + shift, std::nullopt, distance};
  if (decode_time) out.decode_time = *decode_time + shift;
  return out;
}

// What is not understood (a damaged unit) begins nothing, and the units after it are read afresh.
UnitReader::Unit Intake::read(GstBuffer* buffer) {
  if (!unit_format_) return {.unit = {.entry = Entry::Closed}};
  if (auto unit = reader_->read(buffer)) return *std::move(unit);
  reader_.emplace(*unit_format_);
  places_.lose();
  return {};
}

StreamBuffer Intake::payload(GstBuffer* buffer, const GstSegment& segment, const Times& times,
                             std::optional<ClockReading> clock) const {
  return {.buffer = kept(buffer, format_->is_raw),
          .decode_time = times.decode_time,
          .stream_offset = stream_offset(buffer, times.time, segment),
          .wall_offset = wall_offset(buffer, times.time, clock)};
}

std::optional<Intake::Arrived> Intake::take(GstBuffer* buffer, const GstSegment& segment,
                                            std::optional<ClockReading> clock) {
  const UnitReader::Unit read_unit = read(buffer);
  const GateUnit& role = read_unit.unit;
  const auto times = times_of(buffer, role, segment, clock);
  if (!times) return std::nullopt;
  Arrived out;
  out.is_entry = role.entry != Entry::None && !role.continues_picture;
  out.format = format_;
  out.unit.is_shown = role.is_shown && !role.continues_picture;
  if (out.unit.is_shown) {
    horizon_.add(times->time, times->decode_time, role.entry == Entry::Closed);
    out.unit.place =
        places_.place({out.is_entry, role.is_reference, read_unit.order_count, times->time});
  }
  out.passed = horizon_.passed();
  out.unit.time = times->time;
  out.unit.distance = times->distance;
  out.unit.payload = payload(buffer, segment, *times, clock);
  out.unit.bytes = kept_bytes(out.unit.payload.buffer.get());
  return out;
}

}  // namespace anim
