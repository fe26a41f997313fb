// SPDX-License-Identifier: LGPL-2.1-or-later
// Colours keep their RGB when their YUV changes its meaning.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include <doctest/doctest.h>

#include "gst/core/yuv_matrix.h"

namespace {

using anim::Image;
using anim::PixelFormat;
using anim::YuvColours;

using Colour = std::array<double, 3>;

/// The 8-bit samples of an RGB colour (0 to 1).
std::array<std::uint8_t, 3> samples(const YuvColours& colours, const Colour& rgb) {
  const double kg = 1 - colours.kr - colours.kb;
  const double luma = colours.kr * rgb[0] + kg * rgb[1] + colours.kb * rgb[2];
  const double u = (rgb[2] - luma) / (2 * (1 - colours.kb));
  const double v = (rgb[0] - luma) / (2 * (1 - colours.kr));
  const bool full = colours.is_full_range;
  const auto to_byte = [](double value) {
    return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
  };
  return {to_byte(full ? 255 * luma : 16 + 219 * luma), to_byte(128 + (full ? 255 : 224) * u),
          to_byte(128 + (full ? 255 : 224) * v)};
}

Image flat(PixelFormat format, const std::array<std::uint8_t, 3>& yuv) {
  Image picture(format, {5, 3});
  for (int plane = 0; plane < plane_count(format); ++plane) {
    const auto value = plane == 3 ? std::uint8_t{77} : yuv.at(static_cast<std::size_t>(plane));
    std::fill_n(picture.plane(plane), plane_bytes(format, {5, 3}, plane).area(), value);
  }
  return picture;
}

}  // namespace

TEST_CASE("every matrix and range becomes BT.601 limited within one level") {
  const YuvColours kinds[] = {{.kr = 0.299, .kb = 0.114, .is_full_range = true},
                              {.kr = 0.2126, .kb = 0.0722, .is_full_range = false},
                              {.kr = 0.2126, .kb = 0.0722, .is_full_range = true},
                              {.kr = 0.2627, .kb = 0.0593, .is_full_range = false}};
  for (const YuvColours& kind : kinds) {
    const anim::YuvMatrix matrix(kind);
    for (int i = 0; i < 125; ++i) {
      const Colour rgb = {i % 5 / 4.0, i / 5 % 5 / 4.0, i / 25 / 4.0};
      const Image source = flat(PixelFormat::A420, samples(kind, rgb));
      const auto wanted = samples({}, rgb);
      Image out;
      matrix.convert(source.view(), out);
      for (int plane = 0; plane < 3; ++plane) {
        const int extent = static_cast<int>(plane_bytes(PixelFormat::A420, {5, 3}, plane).area());
        for (const int at : {0, extent - 1}) {
          CHECK(std::abs(out.plane(plane)[at] - wanted.at(static_cast<std::size_t>(plane))) <= 1);
        }
      }
      CHECK(out.plane(3)[14] == 77);
    }
  }
}

TEST_CASE("BT.601 limited stays what it is") {
  const anim::YuvMatrix matrix((YuvColours()));
  const Image source = flat(PixelFormat::I420, {200, 90, 33});
  Image out;
  matrix.convert(source.view(), out);
  CHECK(same_pixels(source.view(), out.view()));
}
