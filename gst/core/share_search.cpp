// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/share_search.h"

#include <algorithm>

namespace anim {
namespace {

constexpr double kAim = 0.99;   // of the bytes that are allowed
constexpr double kNear = 0.98;  // is good enough

}  // namespace

void ShareSearch::tell(double bytes, double fixed) {
  const bool fits = bytes <= allowed_;
  (fits ? fits_ : exceeds_) = share_;
  const bool is_most = bytes >= kNear * allowed_ || share_ == kMostShare || bytes <= fixed;
  is_done_ = (fits && is_most) || ++trials_ == kMostTrials;
  if (is_done_) return;
  // Codes grow with the share. Where a table of another size belies that, the share lies between
  // what was tried.
  const double next = bytes > fixed ? share_ * (kAim * allowed_ - fixed) / (bytes - fixed) : 0;
  const bool is_between = next > fits_ && next < exceeds_;
  share_ = std::min(kMostShare, is_between ? next : (fits_ + exceeds_) / 2);
}

}  // namespace anim
