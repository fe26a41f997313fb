// SPDX-License-Identifier: LGPL-2.1-or-later
// The order in which frames are played: forwards, backwards, there and back. A frame lasts as long
// wherever it is shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/timing.h"

namespace anim {

/// How frames are played.
struct PlayOrder {
  bool reverse = false;    ///< from the last to the first
  bool boomerang = false;  ///< and back again, without the two ends, which the next play shows

  [[nodiscard]] bool is_forward() const { return !reverse && !boomerang; }
};

/// One time that a frame is shown.
struct Showing {
  std::size_t frame = 0;
  Nanoseconds time{0};  ///< from the first showing
  Nanoseconds duration{0};
  bool is_last = false;  ///< the frame is shown no more

  friend bool operator==(const Showing&, const Showing&) = default;
};

/// How often frames are shown when there are `frames` of them.
[[nodiscard]] std::uint64_t showing_count(std::uint64_t frames, PlayOrder order);

/// All showings of frames that last so long each. Times are sums of durations, without rounding.
[[nodiscard]] std::vector<Showing> showings(std::span<const Nanoseconds> durations,
                                            PlayOrder order);

}  // namespace anim
