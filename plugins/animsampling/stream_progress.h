// SPDX-License-Identifier: LGPL-2.1-or-later
// What other threads may ask of the running stream: counts, position, where its zero is.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include <gst/gst.h>

#include "gst/core/timing.h"

namespace anim {

/// Frames so far, as the property `stats` tells them.
struct FrameCounts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t dropped = 0;
};

/// Written by the streaming thread (a seek's wish: by the seeking one), read by every thread.
/// Each call holds the lock and calls nothing outside.
class StreamProgress {
 public:
  StreamProgress() { reset(); }

  /// A stream that has not begun.
  void reset();

  void add(const FrameCounts& more);
  /// The counts as a new structure.
  [[nodiscard]] GstStructure* stats() const;

  /// The segment of the retimed output; its position is the last sample's time.
  void begin_output(const GstSegment& segment);
  void set_output_position(Nanoseconds time);
  [[nodiscard]] GstSegment output() const;

  /// Stream time of the source's zero at start, on which seeks count.
  void set_stream_zero(Nanoseconds time);
  [[nodiscard]] Nanoseconds stream_zero() const;

  /// For how long a frame is held back, 0 = not known yet. Returns whether that is news.
  bool set_frame_distance(Nanoseconds distance);
  [[nodiscard]] Nanoseconds frame_distance() const;

  /// Whether the last seek that passed here asked for a stop; nothing when none did pass.
  /// Returns what was known before.
  std::optional<bool> set_seek_has_stop(std::optional<bool> has_stop);
  [[nodiscard]] std::optional<bool> seek_has_stop() const;

 private:
  mutable std::mutex mutex_;
  FrameCounts counts_;
  GstSegment output_{};
  Nanoseconds stream_zero_{0};
  Nanoseconds frame_distance_{0};
  std::optional<bool> seek_has_stop_;
};

}  // namespace anim
