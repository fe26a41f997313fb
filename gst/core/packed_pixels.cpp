// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/packed_pixels.h"

namespace anim {
namespace {

constexpr std::uint8_t kOpaque = 255;

/// Where the source has each byte of a pixel of the picture.
struct Places {
  int first;
  int second;
  int third;
  int alpha;
};

Places places(const PackedOrder& order, PixelFormat format) {
  const bool is_blue_first = format == PixelFormat::Bgra;
  return {.first = is_blue_first ? order.blue : order.red,
          .second = order.green,
          .third = is_blue_first ? order.red : order.blue,
          .alpha = order.alpha};
}

template <int kBytes>
void put_row(const std::uint8_t* from, Places at, int width, std::uint8_t* to) {
  for (int x = 0; x < width; ++x, from += kBytes, to += 4) {
    to[0] = from[at.first];
    to[1] = from[at.second];
    to[2] = from[at.third];
    to[3] = kOpaque;
  }
}

void put_alpha(const std::uint8_t* from, int width, std::uint8_t* to) {
  for (std::ptrdiff_t x = 0; x < width; ++x) to[4 * x] = from[4 * x];
}

}  // namespace

void put_packed(const PackedRows& source, Image& picture) {
  const Places at = places(source.order, picture.format());
  const auto [width, height] = picture.size();
  const std::ptrdiff_t stride = picture.view().stride[0];
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = source.data + source.stride * y;
    std::uint8_t* to = picture.plane(0) + stride * y;
    if (source.order.bytes == 3) {
      put_row<3>(from, at, width, to);
    } else {
      put_row<4>(from, at, width, to);
      if (at.alpha != PackedOrder::kNone) put_alpha(from + at.alpha, width, to + 3);
    }
  }
}

}  // namespace anim
