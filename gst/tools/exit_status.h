// SPDX-License-Identifier: LGPL-2.1-or-later
// The exit status of gst-animate-1.0, as --help says.
#pragma once

#include <string_view>

namespace anim::tools {

enum Exit {
  kDone = 0,
  kFailed = 1,
  kUsage = 2,
  kTask = 3,
  kSource = 4,
  kOutput = 5,
  kTryAgain = 75,  ///< of --index: nothing could be written down of the task (EX_TEMPFAIL)
  kInterrupted = 130
};

/// That for a task's Code (docs/task.md).
[[nodiscard]] Exit exit_status(std::string_view code);

}  // namespace anim::tools
