// SPDX-License-Identifier: LGPL-2.1-or-later
// What the access units of H.264 are to each other (ITU-T H.264).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "gst/core/unit_rules.h"

namespace anim {

/// The rules for units in avcC's framing (ISO/IEC 14496-15, 5.3.3.1), or in the byte stream format
/// when `avcc` is empty. Null when `avcc` is not understood.
///
/// Entries are IDR pictures (closed) and exact recovery points at I pictures (open): an I picture
/// alone is none, for later pictures may refer past it. Nothing is said of streams with data
/// partitions, film grain, or fields whose pairing is in doubt.
[[nodiscard]] std::unique_ptr<UnitRules> make_h264_rules(std::span<const std::uint8_t> avcc);

}  // namespace anim
