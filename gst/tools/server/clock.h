// SPDX-License-Identifier: LGPL-2.1-or-later
// The time of the day, and numbers that nobody else has.
#pragma once

#include <string>

#include "gst/core/task_result.h"

namespace anim::server {

[[nodiscard]] Moment now();

/// A random UUID (RFC 4122, version 4) in small letters.
[[nodiscard]] std::string uuid();

}  // namespace anim::server
