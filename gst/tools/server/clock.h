// SPDX-License-Identifier: LGPL-2.1-or-later
// The time of the day.
#pragma once

#include "gst/core/task_result.h"

namespace anim::server {

[[nodiscard]] Moment now();

}  // namespace anim::server
