// SPDX-License-Identifier: LGPL-2.1-or-later
// Estimates against what the encoder makes of the same pictures.
#include <cmath>

#include <doctest/doctest.h>

#include "gst/core/vp8/bit_estimate.h"
#include "gst/core/vp8/key_frame.h"

namespace {

using anim::Image;
using anim::PixelFormat;
using anim::Size;

/// Waves that get finer to the right, on a slope.
Image waves(double height) {
  constexpr Size kSize{320, 160};
  Image picture(PixelFormat::I420, kSize);
  for (int plane = 0; plane < 3; ++plane) {
    const Size extent = plane_bytes(picture.format(), kSize, plane);
    for (int y = 0; y < extent.height; ++y) {
      for (int x = 0; x < extent.width; ++x) {
        const double wave = std::sin(x * x / 300.0 + y / 5.0) + std::sin(y * y / 200.0 - x / 7.0);
        const double level = 90 + 0.2 * x + (plane == 0 ? height * wave : 0);
        picture.plane(plane)[y * extent.width + x] = static_cast<std::uint8_t>(level);
      }
    }
  }
  return picture;
}

double estimated(const Image& picture, float quality) {
  const anim::vp8::BitEstimate estimate(anim::vp8::ac_step_at(quality));
  double bits = 0;
  for (int row = 0; row < 10; ++row) {
    for (int column = 0; column < 20; ++column) bits += estimate.bits(picture.view(), column, row);
  }
  return bits;
}

double actual(const Image& picture, float quality) {
  const auto frame = anim::vp8::encode_key_frame(picture.view(), {.quality = quality});
  return 8.0 * static_cast<double>(frame.value().size());
}

}  // namespace

TEST_CASE("estimates are near to the truth for busy and soft pictures at all qualities") {
  for (const double height : {4.0, 15.0, 40.0}) {
    for (const float quality : {20.0F, 50.0F, 75.0F, 95.0F}) {
      CAPTURE(height);
      CAPTURE(quality);
      const Image picture = waves(height);
      const double ratio = estimated(picture, quality) / actual(picture, quality);
      CHECK(ratio > 0.5);
      CHECK(ratio < 2);
    }
  }
}
