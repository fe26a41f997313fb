// SPDX-License-Identifier: LGPL-2.1-or-later
// The elements that make one animation of decoded video, as names and settings: what animtaskbin
// builds and what gst-animate-1.0 prints.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gst/core/plan.h"
#include "gst/core/task.h"

namespace anim {

/// An element to make. The values are written as gst-launch-1.0 takes them.
struct ElementSpec {
  std::string factory;
  std::vector<std::pair<std::string, std::string>> properties;

  friend bool operator==(const ElementSpec&, const ElementSpec&) = default;
};

/// intervalsampler, fitscale and the encoder for `request`, planned as `plan`, of the part of the
/// source that `source` names. Only settings that differ from the elements' defaults are listed.
[[nodiscard]] std::vector<ElementSpec> output_chain(const TaskSource& source,
                                                    const AnimationRequest& request,
                                                    const OutputPlan& plan);

}  // namespace anim
