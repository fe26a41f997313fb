// SPDX-License-Identifier: LGPL-2.1-or-later
// Every order of channels becomes the one that is asked for; what pads the rows is left alone.
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/packed_pixels.h"

using anim::Bytes;
using anim::Image;
using anim::PackedOrder;
using anim::PixelFormat;

namespace {

constexpr int kNone = PackedOrder::kNone;

Bytes bytes_of(const Image& picture) {
  const auto row = picture.view().row(0, 0);
  return {row.begin(), row.end()};
}

/// One row of a red-green-blue-alpha of 1, 2, 3, 4 and one of 5, 6, 7, 8 in that order, put.
Bytes put(const PackedOrder& order, PixelFormat format) {
  Bytes source(static_cast<std::size_t>(2 * order.bytes), 99);
  for (int pixel = 0; pixel < 2; ++pixel) {
    const auto set = [&](int place, int value) {
      if (place == kNone) return;
      source.at(static_cast<std::size_t>(pixel * order.bytes + place)) =
          static_cast<std::uint8_t>(4 * pixel + value);
    };
    set(order.red, 1);
    set(order.green, 2);
    set(order.blue, 3);
    set(order.alpha, 4);
  }
  Image picture(format, {2, 1});
  put_packed({source.data(), 2 * order.bytes, order}, picture);
  return bytes_of(picture);
}

}  // namespace

TEST_CASE("channels go to their places") {
  for (const PackedOrder order :
       {PackedOrder{4, 0, 1, 2, 3}, PackedOrder{4, 2, 1, 0, 3}, PackedOrder{4, 1, 2, 3, 0}}) {
    CHECK(put(order, PixelFormat::Bgra) == Bytes{3, 2, 1, 4, 7, 6, 5, 8});
    CHECK(put(order, PixelFormat::Rgba) == Bytes{1, 2, 3, 4, 5, 6, 7, 8});
  }
}

TEST_CASE("without alpha all is opaque, whatever the fourth byte holds") {
  for (const PackedOrder order : {PackedOrder{3, 0, 1, 2, kNone}, PackedOrder{3, 2, 1, 0, kNone},
                                  PackedOrder{4, 0, 1, 2, kNone}, PackedOrder{4, 2, 1, 0, kNone}}) {
    CHECK(put(order, PixelFormat::Bgra) == Bytes{3, 2, 1, 255, 7, 6, 5, 255});
    CHECK(put(order, PixelFormat::Rgba) == Bytes{1, 2, 3, 255, 5, 6, 7, 255});
  }
}

TEST_CASE("rows may begin anywhere, also backwards and between words") {
  const Bytes source = {9, 1, 2, 3, 0, 0, 4, 5, 6, 0};
  Image picture(PixelFormat::Rgba, {1, 2});
  put_packed({source.data() + 6, -5, {3, 0, 1, 2, kNone}}, picture);
  CHECK(bytes_of(picture) == Bytes{4, 5, 6, 255});
  CHECK(picture.view().row(0, 1)[0] == 1);
}
