// SPDX-License-Identifier: LGPL-2.1-or-later
// Asks another program something and waits for its answer.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gst/core/error.h"

namespace anim::tools {

/// What the program says on standard output, if it ends with status 0; else fails with what
/// it says on standard error. It has this process's limits and is not in the terminal's process
/// group. It is ended after a minute, or when nobody wants to know any more (`is_unwanted`).
[[nodiscard]] Result<std::string> answer_of(const std::vector<std::string>& command,
                                            const std::function<bool()>& is_unwanted = {});

}  // namespace anim::tools
