// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/orient.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace anim {
namespace {

/// Turned pictures are written in squares of this many elements, so that the rows that are read
/// across stay in the cache.
constexpr int kTile = 32;

template <int element>
void orient_tile(const OrientSource& source, Orientation orientation, Rect tile, Size upright,
                 std::uint8_t* target, std::ptrdiff_t target_stride) {
  const std::ptrdiff_t along_x = orientation.transpose ? source.stride : element;
  const std::ptrdiff_t along_y = orientation.transpose ? element : source.stride;
  for (int y = tile.y; y < tile.bottom(); ++y) {
    const int from_y = orientation.flip_y ? upright.height - 1 - y : y;
    const std::uint8_t* from = source.data + from_y * along_y;
    std::uint8_t* to = target + y * target_stride;
    for (int x = tile.x; x < tile.right(); ++x) {
      const int from_x = orientation.flip_x ? upright.width - 1 - x : x;
      std::memcpy(to + static_cast<std::ptrdiff_t>(x) * element, from + from_x * along_x, element);
    }
  }
}

template <int element>
void orient(const OrientSource& source, Orientation orientation, std::uint8_t* target,
            std::ptrdiff_t target_stride) {
  const Size upright = turned(source.size, orientation);
  for (int y = 0; y < upright.height; y += kTile) {
    for (int x = 0; x < upright.width; x += kTile) {
      const Rect tile = {x, y, std::min(kTile, upright.width - x),
                         std::min(kTile, upright.height - y)};
      orient_tile<element>(source, orientation, tile, upright, target, target_stride);
    }
  }
}

using OrientFunction = void (*)(const OrientSource&, Orientation, std::uint8_t*, std::ptrdiff_t);
constexpr std::array<OrientFunction, 9> kByElement = {
    nullptr, orient<1>, orient<2>, orient<3>, orient<4>, orient<5>, orient<6>, orient<7>, orient<8>,
};

}  // namespace

Window stored_window(const Window& part, Size upright, Orientation orientation) {
  Window out = part;
  if (orientation.flip_x) out.x = upright.width - part.x - part.width;
  if (orientation.flip_y) out.y = upright.height - part.y - part.height;
  if (orientation.transpose) {
    std::swap(out.x, out.y);
    std::swap(out.width, out.height);
  }
  return out;
}

double mirrored_offset(double offset, int length, int step) {
  const int samples = (length + step - 1) / step;
  return length - step * (samples - 1) - offset;
}

void orient_plane(const OrientSource& source, Orientation orientation, std::uint8_t* target,
                  std::ptrdiff_t target_stride) {
  kByElement.at(source.element)(source, orientation, target, target_stride);
}

}  // namespace anim
