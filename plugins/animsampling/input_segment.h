// SPDX-License-Identifier: LGPL-2.1-or-later
// The segment of the frames that come in: their times on the running clock and in the file.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "gst/core/timing.h"

namespace anim {

/// Of the streaming thread. Until begin() it is an open TIME segment from 0.
class InputSegment {
 public:
  InputSegment() { open(); }

  /// A stream begins.
  void reset() { *this = InputSegment(); }
  /// The stream was flushed: another segment follows, perhaps of another place.
  void flush();

  /// A segment that is not in TIME counts as an open one. `is_stop_wished`: its stop was asked for
  /// by a seek; otherwise it only states where the file ends.
  void begin(const GstSegment& segment, bool is_stop_wished);

  /// Whether `segment` gives every buffer the running time that this one gives it.
  [[nodiscard]] bool maps_like(const GstSegment& segment) const;

  /// Whether it plays at normal speed and tells of its end by EOS.
  [[nodiscard]] bool is_plain() const;

  /// Whether `segment` is the same mapping from another position on, as a seek in the same file
  /// begins it: a buffer of equal time is the same place.
  [[nodiscard]] bool counts_like(const GstSegment& segment) const;

  [[nodiscard]] std::optional<Nanoseconds> running_time(GstClockTime pts) const;

  /// How long `length` of the stream lasts at the segment's rate.
  [[nodiscard]] std::optional<Nanoseconds> running_length(GstClockTime length) const;
  /// How long the buffer lasts at the segment's rate.
  [[nodiscard]] std::optional<Nanoseconds> running_duration(GstBuffer* buffer) const;

  /// Where the buffer is in the file.
  [[nodiscard]] std::optional<Nanoseconds> stream_time(GstBuffer* buffer) const;

  /// Where the frame of a running time is in the file; after the segment's stop, that stop.
  [[nodiscard]] std::optional<Nanoseconds> stream_time_at(Nanoseconds running_time) const;

  /// Running time until which frames are missing, as a GAP event says of its flags; nothing for one
  /// that only bridges a pause, and for any other event.
  [[nodiscard]] std::optional<Nanoseconds> missing_until(GstEvent* event) const;

  /// Running time of the stop that a seek asked for, else kForever.
  [[nodiscard]] Nanoseconds wished_stop() const;

  /// Where the segment begins in the file.
  [[nodiscard]] Nanoseconds stream_start() const;

  [[nodiscard]] bool is_after_flush() const { return is_after_flush_; }
  /// Whether a seek has led to another place than the beginning of the file. Samplers have their
  /// zero at its start then.
  [[nodiscard]] bool begins_in_the_middle() const { return is_after_flush_ && segment_.time != 0; }

 private:
  void open();

  GstSegment segment_{};
  bool is_stop_wished_ = false;
  bool is_after_flush_ = false;
};

}  // namespace anim
