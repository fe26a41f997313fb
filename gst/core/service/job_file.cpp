// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/job_file.h"

namespace anim::service {

// A line for the id, and the rest is the task, byte by byte.
std::string job_text(std::string_view id, std::string_view task) {
  return std::string(id) + "\n" + std::string(task);
}

Result<BatchTask> job_task(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == 0 || end == std::string_view::npos || end + 1 == text.size()) {
    return Error{ErrorCode::InvalidArgument, "it is not an id on a line and a task behind it", {}};
  }
  return BatchTask{1, std::string(text.substr(0, end)), std::string(text.substr(end + 1))};
}

}  // namespace anim::service
