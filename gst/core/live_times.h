// SPDX-License-Identifier: LGPL-2.1-or-later
// Times of a live stream, made one line that goes on where the stream's own times jump: a camera
// that restarts, a server that begins anew, a clock that somebody set.
#pragma once

#include <cstdint>
#include <optional>

#include "gst/core/timing.h"

namespace anim {

/// Units come in decoding order, so that times go back and forth a little. All are running times.
class LiveTimes {
 public:
  /// Further back than any codec's order of decoding: there times begin anew.
  static constexpr Nanoseconds kBack{5 * kSecond};
  /// The same of decoding times, which do not go back at all.
  static constexpr Nanoseconds kDecodingBack{kSecond};
  /// Further ahead of the clock than any stream is delivered.
  static constexpr Nanoseconds kAhead{10 * kSecond};
  /// Longer than any pause, where no clock tells.
  static constexpr Nanoseconds kPause{24 * 3600 * kSecond};

  /// What to add to the times of the unit. `now`: what the clock says, where there is one; without
  /// it a step ahead of less than kPause is a pause of the stream. Where times jump, the unit
  /// follows the newest one at the distance that units have, or comes now if that is later.
  [[nodiscard]] Nanoseconds shift(Nanoseconds time, std::optional<Nanoseconds> decode_time,
                                  std::optional<Nanoseconds> now);

  /// How often times have jumped.
  [[nodiscard]] std::uint64_t jumps() const { return jumps_; }

 private:
  [[nodiscard]] bool jumps_to(Nanoseconds time, std::optional<Nanoseconds> decode_time,
                              std::optional<Nanoseconds> now) const;

  Nanoseconds shift_{0};
  std::optional<Nanoseconds> newest_;         ///< the latest time, shifted
  std::optional<Nanoseconds> newest_decode_;  ///< the last decoding time, shifted
  Nanoseconds distance_{kSecond / 25};        ///< the last step of newest_
  std::uint64_t jumps_ = 0;
};

}  // namespace anim
