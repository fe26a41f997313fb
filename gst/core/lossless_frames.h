// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of an animated WebP without loss: exact changes, coded in the cheaper of two ways.
#pragma once

#include <functional>

#include "gst/core/error.h"
#include "gst/core/exact_changes.h"
#include "gst/core/webp_container.h"
#include "gst/core/webp_lossless.h"

namespace anim {

/// The job that makes the frame of a change; none when there is no change. It may run anywhere.
[[nodiscard]] std::function<Result<WebpFrame>()> lossless_frame_of(
    ExactChange change, const LosslessSettings& settings);

/// Whether it is cheaper to lay `change` over what is shown than to replace it: repeats (scrolled
/// text) are torn by what stays, noise is saved by it.
[[nodiscard]] bool is_better_laid_over(const ExactChange& change);

}  // namespace anim
