// SPDX-License-Identifier: LGPL-2.1-or-later
// The elements that make one animation of decoded video, as names and settings: what animtaskbin
// builds and what gst-animate-1.0 prints.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gst/core/plan.h"
#include "gst/core/task.h"
#include "gst/core/timeline.h"

namespace anim {

/// An element to make. The values are written as gst-launch-1.0 takes them.
struct ElementSpec {
  std::string factory;
  std::vector<std::pair<std::string, std::string>> properties;

  friend bool operator==(const ElementSpec&, const ElementSpec&) = default;
};

/// What samplegates before the decoder of a part's source are told for one animation: the samples
/// of all of them pass. `unit_rate` is the frame rate that the encoded stream states: an Interval
/// that is not clearly above its frame distance may count as that, so every frame is wanted then.
[[nodiscard]] std::vector<ElementSpec> gate_specs(const TimelinePart& part,
                                                  const AnimationRequest& request,
                                                  std::optional<Rational> unit_rate);

/// intervalsampler that makes of a source's frames those of the part, at times from its beginning.
[[nodiscard]] ElementSpec part_spec(const TimelinePart& part);

/// intervalsampler, fitscale and the encoder for `request`, planned as `plan`, of the timeline.
/// Only settings that differ from the elements' defaults are listed.
[[nodiscard]] std::vector<ElementSpec> output_chain(const AnimationRequest& request,
                                                    const OutputPlan& plan);

}  // namespace anim
