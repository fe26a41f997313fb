// SPDX-License-Identifier: LGPL-2.1-or-later
// What an exciting moment is: a sudden rise of the sound, or a picture unlike the one before.
#pragma once

#include <cstdint>
#include <optional>

#include "gst/core/picture_change.h"

namespace live_clip {

using Nanoseconds = std::uint64_t;

/// Tells when sound rises suddenly: by `threshold` decibels above its running average of about ten
/// seconds. Nothing is a rise in the first three seconds, which only say how loud the stream is.
class LoudnessRise {
 public:
  explicit LoudnessRise(double threshold) : threshold_(threshold) {}

  /// Takes the level (dB, 0 = full scale) of the next `seconds`. True once for each rise.
  bool hear(double level, double seconds);

 private:
  double threshold_;
  double heard_ = 0;  ///< seconds so far
  double average_ = 0;
  bool is_loud_ = false;
};

/// Tells when a picture differs from the one before by more than `threshold` percent
/// (gst/core/picture_change.h).
class SceneCut {
 public:
  explicit SceneCut(double threshold) : threshold_(threshold) {}

  bool see(const anim::PictureView& picture);

 private:
  double threshold_;
  std::optional<anim::ColourGrid> last_;
};

/// Lets one moment make one clip: nothing counts until `length` has passed since what counted last.
class HoldOff {
 public:
  explicit HoldOff(Nanoseconds length) : length_(length) {}

  bool admits(Nanoseconds running_time);

 private:
  Nanoseconds length_;
  std::optional<Nanoseconds> last_;
};

}  // namespace live_clip
