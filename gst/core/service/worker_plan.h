// SPDX-License-Identifier: LGPL-2.1-or-later
// What a task would make, from how a worker that planned it (--dry-run) ended and what it said.
#pragma once

#include <string>

#include "gst/core/error.h"
#include "gst/core/service/worker_result.h"

namespace anim::service {

/// The plan's JSON (docs/gst-animate.md), or why there is none. Fails with InvalidArgument where
/// the task or its source is at fault, LimitExceeded where it took too long, and Internal.
[[nodiscard]] Result<std::string> plan_of(const WorkerReport& report, const WorkerLimits& limits);

/// The answer's body: {"RequestId":…,"Plan":…}. `plan` is one that plan_of() gave.
[[nodiscard]] std::string plan_answer(const std::string& plan, const std::string& request_id);

}  // namespace anim::service
