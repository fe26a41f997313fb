// SPDX-License-Identifier: LGPL-2.1-or-later
// The plan of a task as JSON: what is going to be made, before a picture is encoded.
#pragma once

#include <string>
#include <vector>

#include "gst/core/plan.h"

namespace anim {

/// One output that is planned.
struct PlannedOutput {
  std::string uri;  ///< expanded
  AnimationFormat format = AnimationFormat::Webp;
  unsigned loop_count = 0;
  OutputPlan plan;
};

/// {"Source": {Width, Height, FrameRate, Duration}, "Outputs": [{URI, Format, Width, Height,
/// FrameCount, Duration, LoopCount}], "Warnings": [...]}; what is unknown is left out. Times are
/// seconds.
[[nodiscard]] std::string plan_json(const SourceFacts& source,
                                    const std::vector<PlannedOutput>& outputs,
                                    const std::vector<std::string>& warnings);

}  // namespace anim
