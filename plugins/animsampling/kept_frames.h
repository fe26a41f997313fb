// SPDX-License-Identifier: LGPL-2.1-or-later
// The frames of a stream, kept until all of them are there.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/play_order.h"
#include "gst/core/timing.h"
#include "gst/glue/handle.h"

namespace anim {

/// Of the streaming thread.
class KeptFrames {
 public:
  /// Keeps the next frame, of running time `time`. LimitExceeded when all together are larger than
  /// `most_bytes` (0 = no limit).
  [[nodiscard]] Status keep(glue::Owned<GstBuffer> frame, Nanoseconds time,
                            std::optional<Nanoseconds> duration, std::uint64_t most_bytes);

  [[nodiscard]] bool is_empty() const { return frames_.empty(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  /// How long each lasts: until the next one, and the last one as it says itself, else as the
  /// distance from its predecessor, else `fallback`.
  [[nodiscard]] std::vector<Nanoseconds> durations(Nanoseconds fallback) const;

  /// The frame for a showing, to be written to; the pictures of its showings share their memory.
  /// It is kept no longer after its last one.
  [[nodiscard]] glue::Owned<GstBuffer> picture(const Showing& showing);

  void clear() { *this = KeptFrames(); }

 private:
  std::vector<glue::Owned<GstBuffer>> frames_;
  std::vector<Nanoseconds> times_;              ///< running times of frames_
  std::optional<Nanoseconds> newest_duration_;  ///< of the newest frame
  std::uint64_t bytes_ = 0;                     ///< of frames_
};

}  // namespace anim
