// SPDX-License-Identifier: LGPL-2.1-or-later
// A task as a gst-launch-1.0 line, to look at and to change.
#pragma once

#include <string>

#include "gst/core/error.h"

namespace anim::tools {

/// The line for the task in `task`, quoted for a shell. It writes its files directly, without the
/// task's checks, temporaries and result. Fails as parse_task() and output_targets() do.
[[nodiscard]] Result<std::string> launch_line(const std::string& task,
                                              const std::string& storage_root);

}  // namespace anim::tools
