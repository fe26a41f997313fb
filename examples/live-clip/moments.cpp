// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/moments.h"

#include <algorithm>

namespace live_clip {
namespace {

constexpr double kWarmUp = 3;     // seconds
constexpr double kMemory = 10;    // seconds: time constant of the running average
constexpr double kSilence = -60;  // dB: what is softer counts as this

}  // namespace

bool LoudnessRise::hear(double level, double seconds) {
  level = std::max(level, kSilence);
  const bool was_loud = is_loud_;
  is_loud_ = heard_ >= kWarmUp && level > average_ + threshold_;
  heard_ += seconds;
  // A plain mean at first, which forgets what is older than kMemory later.
  average_ += (level - average_) * std::min(1.0, seconds / std::min(heard_, kMemory));
  return is_loud_ && !was_loud;
}

bool SceneCut::see(const anim::PictureView& picture) {
  const anim::ColourGrid grid(picture);
  const bool is_cut = last_ && grid.change_from(*last_) > threshold_;
  last_ = grid;
  return is_cut;
}

bool HoldOff::admits(Nanoseconds running_time) {
  if (last_ && running_time < *last_ + length_) return false;
  last_ = running_time;
  return true;
}

}  // namespace live_clip
