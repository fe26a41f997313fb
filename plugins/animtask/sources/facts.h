// SPDX-License-Identifier: LGPL-2.1-or-later
// What pads tell of a video before the first picture goes on.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "gst/core/plan.h"
#include "gst/core/rational.h"
#include "gst/core/timing.h"

namespace anim {

/// What an encoded stream states of its units, and of the whole.
struct UnitFacts {
  std::optional<Rational> rate;  ///< units a second
  std::optional<Nanoseconds> length;
};
[[nodiscard]] UnitFacts unit_facts(GstPad* encoded);

/// The facts of the whole video. `units`: what was said before anything was decoded; what has been
/// planned with a length stays true. One that the container does not say stays unknown.
[[nodiscard]] SourceFacts facts_of(GstPad* decoded, const UnitFacts& units);

}  // namespace anim
