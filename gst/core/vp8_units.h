// SPDX-License-Identifier: LGPL-2.1-or-later
// What the decoding of VP8 frames depends on (RFC 6386).
#pragma once

#include <memory>

#include "gst/core/unit_rules.h"

namespace anim {

/// A unit is a frame, whose header RFC 6386, 9 and 19.2, describes.
[[nodiscard]] std::unique_ptr<UnitRules> make_vp8_rules();

}  // namespace anim
