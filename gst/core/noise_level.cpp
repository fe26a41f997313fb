// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/noise_level.h"

#include <algorithm>

namespace anim {
namespace {

constexpr double kStillest = 0.05;  // of the macroblocks
constexpr double kSpread = 1.25;    // of the mean over those, where all are still
constexpr double kMost = 16;        // variance; beyond it is texture that moves, as of water
constexpr double kFall = 0.5;       // how fast the estimate follows
constexpr double kRise = 0.1;       // slower: all of a picture may move for a while

}  // namespace

void NoiseLevel::observe(std::vector<double> differences) {
  if (differences.empty()) return;
  const auto count = static_cast<double>(differences.size());
  const auto at = differences.begin() + static_cast<std::ptrdiff_t>(kStillest * count);
  std::nth_element(differences.begin(), at, differences.end());
  const double found = std::min(*at * kSpread, kMost);
  const double pace = found < variance_ ? kFall : kRise;
  variance_ += (found - variance_) * (is_known_ ? pace : 1);
  is_known_ = true;
}

}  // namespace anim
