// SPDX-License-Identifier: LGPL-2.1-or-later
// The file of one task that a service gives to a job: the task, and the id that the service knows
// it by.
#pragma once

#include <string>
#include <string_view>

#include "gst/core/error.h"
#include "gst/core/service/batch_file.h"

namespace anim::service {

/// Its text; `task` is JSON.
[[nodiscard]] std::string job_text(std::string_view id, std::string_view task);

/// What the text says. Fails with InvalidArgument when it is no such file.
[[nodiscard]] Result<BatchTask> job_task(std::string_view text);

}  // namespace anim::service
