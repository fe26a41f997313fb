// SPDX-License-Identifier: LGPL-2.1-or-later
// What the coded pictures of MPEG-1 and MPEG-2 video are to each other (ISO/IEC 11172-2, ITU-T
// H.262).
#pragma once

#include <memory>

#include "gst/core/unit_rules.h"

namespace anim {

/// Entries are I pictures, closed where a GOP header says so, unless quantiser matrices came
/// between them and their sequence header. B pictures are no reference. Nothing is said of D
/// pictures, scalable streams, and fields without their other.
[[nodiscard]] std::unique_ptr<UnitRules> make_mpeg_video_rules();

}  // namespace anim
