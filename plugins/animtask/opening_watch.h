// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks at a source that is being opened, so that nothing hangs: neither a source that is slow
// beyond all measure, nor one that has given up without an error.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "plugins/animtask/failure.h"
#include "plugins/animtask/sources/joined_source.h"

namespace anim {

/// Of one thread.
class OpeningWatch {
 public:
  /// `open_timeout`: ns that each opening may take; 0 = no limit.
  explicit OpeningWatch(GstClockTime open_timeout) : open_timeout_(open_timeout) {}

  /// To be called every Watchdog::kEvery. Why `opening` is not waited for any longer.
  [[nodiscard]] std::optional<Failure> look(const JoinedSource::Opening& opening);

 private:
  const GstClockTime open_timeout_;
  unsigned opening_ = 0;  ///< its number
  unsigned looks_ = 0;    ///< at it
  unsigned rests_ = 0;    ///< times in a row that it was at rest
};

}  // namespace anim
