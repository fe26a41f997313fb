// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/stream_progress.h"

#include <utility>

#include "gst/glue/clock_time.h"

namespace anim {

void StreamProgress::reset() {
  const std::lock_guard lock(mutex_);
  counts_ = {};
  gst_segment_init(&output_, GST_FORMAT_TIME);
  stream_zero_ = Nanoseconds(0);
  frame_distance_ = Nanoseconds(0);
  seek_has_stop_.reset();
}

void StreamProgress::add(const FrameCounts& more) {
  const std::lock_guard lock(mutex_);
  counts_.in += more.in;
  counts_.out += more.out;
  counts_.duplicated += more.duplicated;
  counts_.dropped += more.dropped;
}

GstStructure* StreamProgress::stats() const {
  const std::lock_guard lock(mutex_);
  return gst_structure_new("application/x-intervalsampler-stats", "frames-in", G_TYPE_UINT64,
                           counts_.in, "frames-out", G_TYPE_UINT64, counts_.out, "duplicated",
                           G_TYPE_UINT64, counts_.duplicated, "dropped", G_TYPE_UINT64,
                           counts_.dropped, nullptr);
}

void StreamProgress::begin_output(const GstSegment& segment) {
  const std::lock_guard lock(mutex_);
  output_ = segment;
}

void StreamProgress::set_output_position(Nanoseconds time) {
  const std::lock_guard lock(mutex_);
  output_.position = clock_time(time);
}

GstSegment StreamProgress::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

void StreamProgress::set_stream_zero(Nanoseconds time) {
  const std::lock_guard lock(mutex_);
  stream_zero_ = time;
}

Nanoseconds StreamProgress::stream_zero() const {
  const std::lock_guard lock(mutex_);
  return stream_zero_;
}

bool StreamProgress::set_frame_distance(Nanoseconds distance) {
  const std::lock_guard lock(mutex_);
  return std::exchange(frame_distance_, distance) != distance;
}

Nanoseconds StreamProgress::frame_distance() const {
  const std::lock_guard lock(mutex_);
  return frame_distance_;
}

std::optional<bool> StreamProgress::set_seek_has_stop(std::optional<bool> has_stop) {
  const std::lock_guard lock(mutex_);
  return std::exchange(seek_has_stop_, has_stop);
}

std::optional<bool> StreamProgress::seek_has_stop() const {
  const std::lock_guard lock(mutex_);
  return seek_has_stop_;
}

}  // namespace anim
