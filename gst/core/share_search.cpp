// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/share_search.h"

#include <algorithm>

namespace anim {
namespace {

constexpr double kAim = 0.99;    // of the bytes that are allowed
constexpr double kNear = 0.98;   // is good enough
constexpr double kBelow = 0.98;  // of a share that is known to take too many, is worth a trial

}  // namespace

void ShareSearch::tell(double bytes, double fixed) {
  const bool fits = bytes <= allowed_;
  (fits ? fits_ : exceeds_) = share_;
  const bool is_most = bytes >= kNear * allowed_ || share_ == kMostShare;
  is_done_ = (fits && is_most) || ++trials_ == kMostTrials;
  if (is_done_) return;
  // Codes grow with the share. Where a table of another size belies that, the share lies between
  // what was tried.
  const double next = bytes > fixed ? share_ * (kAim * allowed_ - fixed) / (bytes - fixed) : 0;
  const bool is_between = next > fits_ && next < kBelow * exceeds_;
  share_ = std::min(kMostShare, is_between ? next : (fits_ + exceeds_) / 2);
}

}  // namespace anim
