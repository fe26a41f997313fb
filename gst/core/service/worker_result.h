// SPDX-License-Identifier: LGPL-2.1-or-later
// What a worker says of its task, read back.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gst/core/task_result.h"

namespace anim::service {

/// What the result (JSON, docs/task.md) of a worker says: its code, message, warnings, counts and
/// URIs; not sizes and checksums. Nothing when it is none.
[[nodiscard]] std::optional<TaskResult> parse_result(std::string_view json);

/// The percents of a line of progress, "50 % (30 of 60 frames)"; nothing for any other line.
[[nodiscard]] std::optional<int> percent_in(std::string_view line);

}  // namespace anim::service
