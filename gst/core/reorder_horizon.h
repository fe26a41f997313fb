// SPDX-License-Identifier: LGPL-2.1-or-later
// Up to which time all frames of a stream have come, told from units in decoding order.
#pragma once

#include <cstddef>
#include <optional>
#include <set>

#include "gst/core/timing.h"

namespace anim {

/// Decoding times tell it at once. They are believed as long as they grow and no frame is shown
/// before it is decoded; receivers of RTP, say, set the time of arrival instead. Without them so
/// many later frames must come as a codec may hold back.
class ReorderHorizon {
 public:
  /// At most `limit` units precede another one in decoding order and are shown after it.
  explicit ReorderHorizon(std::size_t limit) : limit_(limit) {}

  /// The next unit that is shown. `begins_closed`: no unit after it is shown before it.
  void add(Nanoseconds time, std::optional<Nanoseconds> decode_time, bool begins_closed);

  /// No frame at or before it is still to come. Nothing while that cannot be said.
  [[nodiscard]] std::optional<Nanoseconds> passed() const { return passed_; }

 private:
  void pass(Nanoseconds time);
  void believe(Nanoseconds time, std::optional<Nanoseconds> decode_time);

  std::size_t limit_;
  std::multiset<Nanoseconds> latest_;  ///< the latest times, one more than `limit_`
  std::optional<Nanoseconds> last_decode_;
  bool believes_ = true;
  std::optional<Nanoseconds> passed_;
};

}  // namespace anim
