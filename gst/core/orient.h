// SPDX-License-Identifier: LGPL-2.1-or-later
// Turning and mirroring pictures, and what that does to sizes, windows and chroma positions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gst/core/fit.h"
#include "gst/core/geometry.h"

namespace anim {

/// How a stored picture becomes upright: first rows become columns (transpose), then the result is
/// mirrored along x, along y. Clockwise by 90 degrees = {transpose, flip_x}.
struct Orientation {
  bool transpose = false;
  bool flip_x = false;
  bool flip_y = false;

  [[nodiscard]] constexpr bool is_identity() const { return !transpose && !flip_x && !flip_y; }
  friend constexpr bool operator==(Orientation, Orientation) = default;
};

/// The size after turning (and the size before it: the same swap).
[[nodiscard]] constexpr Size turned(Size size, Orientation orientation) {
  return orientation.transpose ? Size{size.height, size.width} : size;
}

/// The part of the stored picture that becomes `part` of the upright picture of size `upright`.
[[nodiscard]] Window stored_window(const Window& part, Size upright, Orientation orientation);

/// Where the chroma samples of one axis have to be before it is mirrored, so that after it they are
/// at `offset`. An offset is the distance of the first sample from the picture's edge in pixels,
/// `length` the pixels of the axis, `step` the pixels from one sample to the next.
[[nodiscard]] double mirrored_offset(double offset, int length, int step);

/// One plane: elements of `element` bytes (1 to 8) in rows `stride` bytes apart.
struct OrientSource {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t stride = 0;
  Size size;  ///< in elements, as stored
  int element = 1;
};

/// Writes the upright plane; `target` has room for turned(source.size) elements.
void orient_plane(const OrientSource& source, Orientation orientation, std::uint8_t* target,
                  std::ptrdiff_t target_stride);

}  // namespace anim
