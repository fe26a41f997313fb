// SPDX-License-Identifier: LGPL-2.1-or-later
// What a VP8L stream says before its pixels: how they were changed. Source: WebP Lossless Bitstream
// Specification, section 4.
#pragma once

#include <cstdint>
#include <vector>

#include "gst/core/vp8l/low_bit_writer.h"
#include "gst/core/vp8l/pixels.h"
#include "gst/core/vp8l/predictors.h"

namespace anim::vp8l {

/// Says that red and blue are what they are above green (section 4.3).
void put_subtract_green(LowBitWriter& out);
/// `pixels` made so.
[[nodiscard]] Pixels without_green(Pixels pixels);

/// Says which predictors have been taken (section 4.1).
void put_predictors(LowBitWriter& out, const Predicted& predicted);

/// Says that pixels have become places in `table` (section 4.4).
void put_color_table(LowBitWriter& out, const std::vector<std::uint32_t>& table);

/// Ends the transforms, none or more.
void put_no_more_transforms(LowBitWriter& out);

}  // namespace anim::vp8l
