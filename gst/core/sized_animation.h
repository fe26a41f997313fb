// SPDX-License-Identifier: LGPL-2.1-or-later
// An animation of a wanted size: encoded again and again at other qualities until it fits.
//
//   add()     pictures -> PictureSpool (disk)
//                      -> an encoder at the first quality, whose file is the first try
//   finish()  SizeSearch -> quality -> an encoder over the spooled pictures -> the next try
//   rest()    the largest file that fits, in pieces
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "gst/core/animation.h"
#include "gst/core/error.h"
#include "gst/core/size_search.h"

namespace anim {

/// An encoder at that quality; called several times, each time for the same animation.
using EncoderAt = std::function<Result<std::unique_ptr<AnimationEncoder>>(double quality)>;

/// What file is wanted, and how it is made.
struct SizeGoal {
  std::uint64_t target = 0;  ///< at most that many bytes, and as near as can be
  QualityRange range;
  double first = 75;   ///< the quality that is tried first
  std::string folder;  ///< for temporary files; empty = the system's
  /// Asked in finish(), often: true ends it, with an error that means nothing.
  std::function<bool()> is_cancelled;
  /// Told when no quality gives that size: the file is the nearest.
  std::function<void(const Error&)> warn;
};

/// An encoder whose bytes all come at its end and need no patches. The file has 90 to 100 % of the
/// target where the sizes at the ends of the range lie around it and a step of quality is less.
/// Memory does not grow with the number of pictures: they lie in a temporary file. The bytes do not
/// depend on what time anything takes.
/// Fails as `encoder_at`, or when no temporary file can be made.
[[nodiscard]] Result<std::unique_ptr<AnimationEncoder>> make_sized_animation(EncoderAt encoder_at,
                                                                             SizeGoal goal);

}  // namespace anim
