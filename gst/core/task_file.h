// SPDX-License-Identifier: LGPL-2.1-or-later
// Reading text that others wrote: an ordinary file of bounded size, so that nothing waits or grows.
#pragma once

#include <cstddef>
#include <string>

#include "gst/core/error.h"

namespace anim {

/// The text of `file`, of at most `most` bytes. Fails as read_task_file().
[[nodiscard]] Result<std::string> read_small_file(const std::string& file, std::size_t most);

/// The text of a task's `file`. Fails with NotFound, InvalidArgument (a directory, pipe or device,
/// no right to read it), and LimitExceeded for more than kMaxTaskBytes.
[[nodiscard]] Result<std::string> read_task_file(const std::string& file);

}  // namespace anim
