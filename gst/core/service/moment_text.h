// SPDX-License-Identifier: LGPL-2.1-or-later
// Moments as calls write them.
#pragma once

#include <optional>
#include <string_view>

#include "gst/core/task_result.h"

namespace anim::service {

/// "2024-08-20T07:03:07Z", "2024-08-20T15:03:07.5+08:00" (RFC 3339) as a moment; what is below a
/// millisecond is cut off. Nothing for any other text or a date that is none.
[[nodiscard]] std::optional<Moment> parse_moment(std::string_view text);

}  // namespace anim::service
