// SPDX-License-Identifier: LGPL-2.1-or-later
// Reading a file with a task's JSON: an ordinary file of bounded size, so that nothing waits.
#pragma once

#include <string>

#include "gst/core/error.h"

namespace anim {

/// The text of `file`. Fails with NotFound, InvalidArgument (a directory, pipe or device, no right
/// to read it), and LimitExceeded for more than kMaxTaskBytes.
[[nodiscard]] Result<std::string> read_task_file(const std::string& file);

}  // namespace anim
