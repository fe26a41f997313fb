// SPDX-License-Identifier: LGPL-2.1-or-later
// Caps of encoded video as core's unit rules know them.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "gst/core/unit_rules.h"

namespace anim {

/// The format of the units that fixed `caps` announce; nothing when there is no rule for them, or
/// when a buffer is not a whole unit.
[[nodiscard]] std::optional<UnitFormat> unit_format(const GstCaps* caps);

}  // namespace anim
