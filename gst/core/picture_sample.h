// SPDX-License-Identifier: LGPL-2.1-or-later
// A part of a picture that stands for all of it where trying the whole would cost too much.
#pragma once

#include <cstdint>

#include "gst/core/image.h"

namespace anim {

/// Bands of `band` rows (even), evenly spread over the picture, one below the other: about `pixels`
/// in all, at least one band, everything where it is no more than that.
[[nodiscard]] Image sample_of(const ImageView& picture, std::int64_t pixels, int band);

/// The same of the bands whose pixels differ most often from the one to their left. Of Bgra.
[[nodiscard]] Image busiest_of(const ImageView& picture, std::int64_t pixels, int band);

}  // namespace anim
