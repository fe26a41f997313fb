// SPDX-License-Identifier: LGPL-2.1-or-later
// What a decoded pad tells of its video before the first picture goes on.
#pragma once

#include <gst/gst.h>

#include "gst/core/plan.h"

namespace anim {

/// The facts of the whole video; a length that the container does not say stays unknown.
[[nodiscard]] SourceFacts facts_of(GstPad* decoded);

}  // namespace anim
