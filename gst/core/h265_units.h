// SPDX-License-Identifier: LGPL-2.1-or-later
// What the access units of H.265 are to each other (ITU-T H.265).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "gst/core/unit_rules.h"

namespace anim {

/// The rules for units in hvcC's framing (ISO/IEC 14496-15, 8.3.3.1), or in the byte stream format
/// when `hvcc` is empty. Null when `hvcc` is not understood.
///
/// Entries are IDR and BLA pictures (closed) and CRA pictures (open). RASL pictures that a decoder
/// skips, after a BLA picture or the first CRA picture, are neither shown nor a reference. Nothing
/// is said of streams with film grain, of a CRA picture that follows an end of sequence, and of
/// pictures that throw away others not yet shown (no_output_of_prior_pics_flag).
[[nodiscard]] std::unique_ptr<UnitRules> make_h265_rules(std::span<const std::uint8_t> hvcc);

}  // namespace anim
