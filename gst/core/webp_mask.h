// SPDX-License-Identifier: LGPL-2.1-or-later
// Alpha that is all or nothing by macroblock, as a lossy WebP picture holds it.
#pragma once

#include <optional>
#include <vector>

#include "gst/core/image.h"

namespace anim {

/// Which macroblocks of a picture are seen; the others are holes.
struct MacroblockMask {
  Size size;               ///< of the picture, in pixels
  std::vector<bool> seen;  ///< by macroblock, in raster order
};

/// The mask of an A420 picture; none where a macroblock is neither opaque nor wholly transparent.
[[nodiscard]] std::optional<MacroblockMask> macroblock_mask(const ImageView& picture);

/// The payload of the ALPH chunk: a VP8L stream of two colours, eight pixels to a byte, in which
/// rows are copies of those above them. libwebp takes milliseconds for as many bytes.
[[nodiscard]] Bytes mask_payload(const MacroblockMask& mask);

}  // namespace anim
