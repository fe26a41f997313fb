// SPDX-License-Identifier: LGPL-2.1-or-later
// What a decoded pad tells of its video before the first picture goes on.
#pragma once

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/plan.h"

namespace anim {

/// The facts of the part of the video that `source` names. OutOfRange when that begins at or after
/// the end; a length that the container does not say stays unknown.
[[nodiscard]] Result<SourceFacts> facts_of(GstPad* decoded, const TaskSource& source);

/// Whether the pictures of `decoded` are or may be interlaced.
[[nodiscard]] bool may_be_interlaced(GstPad* decoded);

}  // namespace anim
