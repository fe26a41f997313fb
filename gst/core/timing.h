// SPDX-License-Identifier: LGPL-2.1-or-later
// From nanoseconds to the ticks of a container, without drift.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "gst/core/error.h"

namespace anim {

using Nanoseconds = std::chrono::nanoseconds;
inline constexpr std::int64_t kSecond = 1'000'000'000;

/// A count of a container's time units: 1/1000 s in WebP, 1/100 s in GIF.
using Ticks = std::int64_t;

/// Places frames on a container's grid of ticks. Each start is the running time rounded to the
/// nearest tick (half up), so delays never drift: any total is exact within half a tick.
class TickGrid {
 public:
  /// `per_second` ticks a second; a frame shown for fewer than `shortest` ticks is not storable.
  constexpr TickGrid(Ticks per_second, Ticks shortest)
      : per_second_(per_second), shortest_(shortest) {}

  /// The tick at which a frame of running time `time` starts; 0 is the first frame's.
  [[nodiscard]] Ticks at(Nanoseconds time);

  /// Whether a frame may start at `tick`, when the one on screen started at `shown_since`:
  /// not before that one has had its shortest time.
  [[nodiscard]] constexpr bool may_follow(Ticks shown_since, Ticks tick) const {
    return tick - shown_since >= shortest_;
  }

  /// The end of an animation whose last frame started at `shown_since` and whose time ends at
  /// `end`: that, but at least the shortest time.
  [[nodiscard]] constexpr Ticks end_after(Ticks shown_since, Ticks end) const {
    return may_follow(shown_since, end) ? end : shown_since + shortest_;
  }

 private:
  Ticks per_second_;
  Ticks shortest_;
  std::optional<Nanoseconds> origin_;
};

/// A container stores a frame of more than its longest delay in parts. LimitExceeded when there
/// would be so many that a clock must have jumped (a camera that finds the time, say).
[[nodiscard]] Status check_parts(Ticks parts);

/// The end of a stream of frames whose last one is at `last`: its own duration, else the distance
/// from `previous`, else `fallback`.
[[nodiscard]] Nanoseconds end_of_last_frame(Nanoseconds last, std::optional<Nanoseconds> duration,
                                            std::optional<Nanoseconds> previous,
                                            Nanoseconds fallback);

}  // namespace anim
