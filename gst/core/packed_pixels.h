// SPDX-License-Identifier: LGPL-2.1-or-later
// Packed pixels in the orders that video has, as those that the codecs take.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gst/core/image.h"

namespace anim {

/// Where the channels of a pixel are, in bytes.
struct PackedOrder {
  static constexpr int kNone = -1;

  int bytes = 4;  ///< of a pixel: 3 or 4
  int red = 0;
  int green = 1;
  int blue = 2;
  int alpha = 3;  ///< kNone: opaque
};

/// Packed pixels that somebody else owns.
struct PackedRows {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride = 0;  ///< bytes from one row to the next
  PackedOrder order;
};

/// Writes `source` to all of `picture` (Bgra or Rgba), whose size it has.
void put_packed(const PackedRows& source, Image& picture);

}  // namespace anim
