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

/// What is known of an encoded stream before any of it is decoded.
struct StreamFacts {
  std::optional<Rational> unit_rate;           ///< frames a second, as the stream states
  std::optional<Nanoseconds> timeline_length;  ///< of the task's whole timeline
};

/// What samplegates before the decoder of a part's source are told for one animation: the samples
/// of all of them pass. An Interval that is not clearly above the frame distance that the stream
/// states may count as that, so every frame is wanted then; and for Mode even where the timeline's
/// length is not known.
[[nodiscard]] std::vector<ElementSpec> gate_specs(const TimelinePart& part,
                                                  const AnimationRequest& request,
                                                  const StreamFacts& stream);

/// The settings of `gate` as one entry of samplegate's `wanted`, a structure in GStreamer's text.
[[nodiscard]] std::string wanted_text(const ElementSpec& gate);

/// intervalsampler that makes of a source's frames those of the part, at times from its beginning.
[[nodiscard]] ElementSpec part_spec(const TimelinePart& part);

/// intervalsampler, fitscale, what picks scenes and turns the order of the pictures, and the
/// encoder for `request`, planned as `plan`, of the timeline. Only settings that differ from the
/// elements' defaults are listed.
[[nodiscard]] std::vector<ElementSpec> output_chain(const AnimationRequest& request,
                                                    const OutputPlan& plan);

}  // namespace anim
