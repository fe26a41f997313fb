// SPDX-License-Identifier: LGPL-2.1-or-later
// A task's result or plan, in words.
#pragma once

#include <string>

namespace anim::tools {

/// A line for each output of a result (docs/task.md): where, frames, size, duration, bytes.
[[nodiscard]] std::string describe_result(const std::string& json);

/// The same for a plan: what would be made.
[[nodiscard]] std::string describe_plan(const std::string& json);

}  // namespace anim::tools
