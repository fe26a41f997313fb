// SPDX-License-Identifier: LGPL-2.1-or-later
// What the decoding of VP9 frames and superframes depends on.
#pragma once

#include <memory>

#include "gst/core/unit_rules.h"

namespace anim {

/// A unit is a frame, or a superframe: several hidden frames and one that is shown (VP9 Bitstream &
/// Decoding Process Specification, 6.2 and Annex B).
///
/// Every unit is a reference. Even a frame that refreshes no slot leaves its motion vectors, its
/// size and whether it was shown to the next one (UsePrevFrameMvs), which only the next one's
/// header can decline.
[[nodiscard]] std::unique_ptr<UnitRules> make_vp9_rules();

}  // namespace anim
