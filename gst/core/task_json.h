// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the task's JSON; every refusal names its path.
#pragma once

#include <cstddef>
#include <string_view>

#include "gst/core/error.h"
#include "gst/core/task.h"

namespace anim {

/// The longest task text in bytes.
inline constexpr std::size_t kMaxTaskBytes = std::size_t{16} << 20;

/// Reads a CreateMediaConvertTask request. Numbers are exact: 29.97 is 2997/100. Seconds and frame
/// rates may also be a fraction in a string, "1001/30000" (ours), where decimals are not exact.
/// Refuses what is no JSON (InvalidArgument, with line and column), what is no valid field or value
/// (InvalidArgument), and what is valid but cannot be done here (Unsupported). A message begins
/// with the JSON path and says what was given and what is allowed.
[[nodiscard]] Result<Task> parse_task(std::string_view json);

/// Reads one entry of Animations by itself, the look of clips of a live stream. Where they go is
/// said elsewhere: URI is refused. Otherwise as parse_task(); paths begin at the entry.
[[nodiscard]] Result<AnimationRequest> parse_animation(std::string_view json);

}  // namespace anim
