// SPDX-License-Identifier: LGPL-2.1-or-later
// Which of the frames that come are random access points, as the events before them tell, and when
// the last of them ends.
#pragma once

#include <optional>
#include <set>

#include <gst/gst.h>

#include "gst/core/timing.h"
#include "plugins/animsampling/input_segment.h"

namespace anim {

/// Of the streaming thread.
class KeyTimes {
 public:
  void clear() { *this = KeyTimes(); }

  /// Takes note of `event`, which comes in `segment`, when it is about random access points; false
  /// for any other.
  bool take(GstEvent* event, const InputSegment& segment);

  /// Whether anybody tells of them.
  [[nodiscard]] bool are_told() const { return are_told_; }

  /// Whether the frame of running time `time`, which ends at `end`, is one. Frames come in order of
  /// time.
  [[nodiscard]] bool frame(Nanoseconds time, Nanoseconds end);

  /// The end of the stream: as it was told, or of the newest frame.
  [[nodiscard]] Nanoseconds end() const { return end_; }

 private:
  bool are_told_ = false;
  std::set<Nanoseconds> times_;  ///< not before the newest frame
  Nanoseconds end_{0};
};

}  // namespace anim
