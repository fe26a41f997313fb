// SPDX-License-Identifier: LGPL-2.1-or-later
// What the decoding of AV1 temporal units depends on.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "gst/core/unit_rules.h"

namespace anim {

/// A unit is a temporal unit of OBUs in the low-overhead format (AV1 Bitstream & Decoding Process
/// Specification, 5.2), with one shown frame at most, for operating point 0.
///
/// `av1c` is an AV1CodecConfigurationRecord (AV1 Codec ISO Media File Format Binding, 2.3), or
/// empty; null when it is not understood. Streams with spatial layers or large scale tiles are
/// not covered.
[[nodiscard]] std::unique_ptr<UnitRules> make_av1_rules(std::span<const std::uint8_t> av1c);

}  // namespace anim
