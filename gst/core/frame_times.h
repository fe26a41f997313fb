// SPDX-License-Identifier: LGPL-2.1-or-later
// When each frame of a stream is shown and when the stream ends, whatever its timestamps leave out.
#pragma once

#include <optional>

#include "gst/core/timing.h"

namespace anim {

/// Follows a stream of frames and gaps in running time. A frame lasts until the next one.
class FrameTimes {
 public:
  /// What a frame lasts when nothing else says it: no duration, no neighbour, no frame rate.
  static constexpr Nanoseconds kFallback{kSecond / 10};

  /// The distance of frames by the stream's frame rate; none when it is variable or unknown.
  void set_nominal(std::optional<Nanoseconds> distance) { nominal_ = distance; }

  /// A frame that says it starts at `start` and lasts `duration`. Returns when it starts: without
  /// `start` at the end of what came before, the first at zero; never before the previous one.
  Nanoseconds add(std::optional<Nanoseconds> start, std::optional<Nanoseconds> duration);

  /// Nothing new until `end`: the frame on screen stays. Without a frame it means nothing.
  void hold_until(Nanoseconds end);

  /// When the last frame ends: after its own duration, else the distance from the one before,
  /// else the nominal distance, else kFallback; not before the end of a gap. Zero without frames.
  [[nodiscard]] Nanoseconds end() const;

 private:
  std::optional<Nanoseconds> nominal_;
  std::optional<Nanoseconds> previous_;
  std::optional<Nanoseconds> last_;
  std::optional<Nanoseconds> duration_;
  Nanoseconds held_until_{0};
};

}  // namespace anim
