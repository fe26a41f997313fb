// SPDX-License-Identifier: LGPL-2.1-or-later
// How far a decoder may skip ahead to the next sample without changing it.
#pragma once

#include <cstdint>
#include <optional>

#include "gst/core/timing.h"

namespace anim {

/// Follows the frames that a decoder gives out, and says before which time it need not decode any.
/// All times are running times.
///
/// A decoder that is told a deadline decides whether to decode one unit by the time of the unit
/// before it in decoding order. H.264 (A.3.1) and H.265 (A.4.2) hold at most 16 frames for
/// reordering, so those times are at most as far apart as 16 frames. One frame more: the one on
/// screen at the sample's moment began up to a frame before it.
///
/// That counts on a constant frame rate, which may be stated where there is none (qtdemux states
/// the average). So nothing is skipped before as many frames came at most one distance apart.
class SkipAhead {
 public:
  static constexpr int kFrames = 16 + 1;
  /// The least margin. Shorter ones were never tried on many decoders.
  static constexpr Nanoseconds kLeast{kSecond / 5};

  /// The stream says that frames are `distance` apart (more than 0).
  void set_distance(Nanoseconds distance);

  struct Step {
    bool is_steady = true;  ///< otherwise frames are farther apart than stated: skip no further
    std::optional<Nanoseconds> deadline;  ///< news: no frame before it is needed
  };

  /// A frame at `time`; `next_sample` as Sampler::next_time() tells it afterwards.
  [[nodiscard]] Step frame(Nanoseconds time, std::optional<Nanoseconds> next_sample);

 private:
  struct Goal {
    Nanoseconds deadline{0};
    Nanoseconds sample{0};
  };

  [[nodiscard]] Nanoseconds margin() const;
  [[nodiscard]] bool is_skipping() const;
  [[nodiscard]] bool is_steady(Nanoseconds time) const;

  Nanoseconds distance_{0};
  std::optional<Nanoseconds> last_;  ///< of the newest frame
  int steady_frames_ = 0;            ///< since the distance was stated
  std::optional<Goal> goal_;         ///< the last that was told
};

}  // namespace anim
