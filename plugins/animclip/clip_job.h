// SPDX-License-Identifier: LGPL-2.1-or-later
// From what was kept to the file in its place.
#pragma once

#include "gst/core/error.h"
#include "plugins/animclip/clip.h"
#include "plugins/animclip/clip_pipeline.h"
#include "plugins/animclip/stream.h"

namespace anim {

/// Makes the clip, in the calling thread, which stands back for others from then on. OutOfRange
/// when `units` is empty; else as ClipPipeline. Nothing is left behind by a failure.
[[nodiscard]] Result<ClipReport> make_clip(const Clip& clip, const Units& units,
                                           const ClipPipeline::Progress& progress);

}  // namespace anim
