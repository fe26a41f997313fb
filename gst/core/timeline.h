// SPDX-License-Identifier: LGPL-2.1-or-later
// The task's timeline: the parts of its sources, one after the other.
//
//   source's own time:   0 ---- start ======== stop ----
//   timeline:                    offset ======== offset + length
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/plan.h"
#include "gst/core/rational.h"
#include "gst/core/task.h"
#include "gst/core/timing.h"

namespace anim {

/// What counts of a source, on its own timeline, and where it lies on the task's.
struct TimelinePart {
  Nanoseconds start{0};
  std::optional<Nanoseconds> stop{};  ///< exclusive; absent, or after the source's end: to its end
  Nanoseconds offset{0};              ///< the lengths of all parts before
};

[[nodiscard]] TimelinePart part_of(const TaskSource& source, Nanoseconds offset = Nanoseconds(0));

/// The samples of `plan`, which counts on the timeline, as settings on the part's own time: at
/// least those, within a nanosecond. Empty when none falls on the part or a later one.
[[nodiscard]] std::vector<SamplePlan> samples_on(const TimelinePart& part, const SamplePlan& plan);

/// Whether any of the animations may have a sample on the part or on a later one; `length` is the
/// timeline's, where it is known.
[[nodiscard]] bool is_wanted(const TimelinePart& part,
                             const std::vector<AnimationRequest>& animations,
                             std::optional<Nanoseconds> length);

/// The facts of the part of a source whose facts are `whole`. Fails as trimmed_length().
[[nodiscard]] Result<SourceFacts> trimmed(SourceFacts whole, const TaskSource& source);

/// The whole timeline: the picture of the source `alignment_index`, whose rate counts as the
/// timeline's, the sum of the lengths, where all are known, and what any part may have. `parts`:
/// the facts of each source's part, in order; not empty.
[[nodiscard]] SourceFacts joined_facts(const std::vector<SourceFacts>& parts,
                                       unsigned alignment_index);

}  // namespace anim
