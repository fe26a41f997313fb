// SPDX-License-Identifier: LGPL-2.1-or-later
// How much a source's samples move where nothing moves: the noise of its sensor or its codec.
#pragma once

#include <vector>

namespace anim {

/// The noise of a clip, estimated picture by picture.
class NoiseLevel {
 public:
  /// `differences` are the BlockChange::luma of a picture's macroblocks, without those that are
  /// blank and the same (bars have no noise in any clip). The stillest tell: motion is no noise.
  void observe(std::vector<double> differences);

  [[nodiscard]] bool is_known() const { return is_known_; }
  /// The variance of a sample of luma over time; 0 while it is not known.
  [[nodiscard]] double variance() const { return variance_; }

 private:
  double variance_ = 0;
  bool is_known_ = false;
};

}  // namespace anim
