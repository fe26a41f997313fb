// SPDX-License-Identifier: LGPL-2.1-or-later
// Why an animation came to nothing, in words.
#pragma once

#include <optional>
#include <string>

#include "gst/core/task.h"
#include "plugins/animtask/failure.h"

namespace anim {

/// What had happened to the pictures before.
struct Circumstances {
  std::optional<std::string> damaged;  ///< the URI of a source that was ended for its damage
  bool is_ended_early = false;         ///< somebody has ended the source
};

/// An encoder that was given no sample says so at the end; this is why. `detail`: its own words.
[[nodiscard]] Failure without_sample(const AnimationRequest& request,
                                     const Circumstances& circumstances, const std::string& detail);

}  // namespace anim
