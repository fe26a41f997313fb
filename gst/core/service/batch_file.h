// SPDX-License-Identifier: LGPL-2.1-or-later
// A file of many tasks: one JSON a line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"

namespace anim::service {

struct BatchTask {
  std::size_t line = 0;  ///< in the file, from 1
  std::string id;        ///< of the text alone, so that each reader of the file gives the same one
  std::string definition;  ///< JSON; not looked at
};

/// The tasks of a file; lines of blanks are none. The same text twice is two tasks. Fails with
/// InvalidArgument when there is none.
[[nodiscard]] Result<std::vector<BatchTask>> batch_tasks(std::string_view text);

/// One task, by its index from 0. Fails with OutOfRange and says how many there are.
[[nodiscard]] Result<BatchTask> batch_task(std::string_view text, std::size_t index);

}  // namespace anim::service
