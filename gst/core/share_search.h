// SPDX-License-Identifier: LGPL-2.1-or-later
// How much of a screen can be drawn for so many bytes.
#pragma once

namespace anim {

/// Looks for the largest share of the screen whose frame takes no more than the bytes that are
/// allowed, by frames that are made on trial.
class ShareSearch {
 public:
  static constexpr double kMostShare = 0.15;

  /// `allowed`: bytes; `least`: what any frame takes.
  ShareSearch(double allowed, double least) : allowed_(allowed), is_done_(allowed < least) {}

  /// What to try next; no more is needed when it is done.
  [[nodiscard]] double share() const { return share_; }
  [[nodiscard]] bool is_done() const { return is_done_; }

  /// A frame of share() took `bytes`, `fixed` of them whatever its pixels.
  void tell(double bytes, double fixed);

 private:
  static constexpr double kFirstShare = 0.05;
  static constexpr int kMostTrials = 5;

  double allowed_;
  double share_ = kFirstShare;
  double fits_ = 0;                  ///< the largest share known to
  double exceeds_ = 2 * kMostShare;  ///< the smallest known to; so that the most is tried as well
  int trials_ = 0;
  bool is_done_;
};

}  // namespace anim
