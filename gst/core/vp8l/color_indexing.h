// SPDX-License-Identifier: LGPL-2.1-or-later
// Pixels as places in a table of their colours. Source: WebP Lossless Bitstream Specification,
// section 4.4, "Color Indexing Transform".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gst/core/vp8l/pixels.h"

namespace anim::vp8l {

/// Of at most so many colours several pixels are put into one.
inline constexpr std::size_t kMostBundledColors = 16;

/// The colours of a picture of at most 256, in ascending order; nothing when there are more.
[[nodiscard]] std::optional<std::vector<std::uint32_t>> color_table(const Pixels& pixels);

/// The places of the pixels in `table` as green, several in one pixel where the table is small.
[[nodiscard]] Pixels indexed(const Pixels& pixels, const std::vector<std::uint32_t>& table);

}  // namespace anim::vp8l
