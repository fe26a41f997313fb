// SPDX-License-Identifier: LGPL-2.1-or-later
// What the video object planes of MPEG-4 part 2 are to each other (ISO/IEC 14496-2).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "gst/core/unit_rules.h"

namespace anim {

/// The rules for units whose video object layer's headers are `vol`, or in the units themselves
/// when it is empty. Null when `vol` is not understood.
///
/// Entries are I-VOPs, always open: closed_gov is set in streams that are not. B-VOPs are no
/// reference. Nothing is said of units with several VOPs (packed B frames), VOPs that are not
/// coded, interlaced B-VOPs, short video headers, shapes, static sprites and scalable layers.
[[nodiscard]] std::unique_ptr<UnitRules> make_mpeg4_rules(std::span<const std::uint8_t> vol);

}  // namespace anim
