// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures made of levels and noise, for tests of what changes.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>

#include "gst/core/image.h"

namespace flat_pictures {

/// Every sample of every plane is `level`.
inline anim::Image grey(anim::PixelFormat format, anim::Size size, int level) {
  anim::Image picture(format, size);
  for (int plane = 0; plane < anim::plane_count(format); ++plane) {
    std::fill_n(picture.plane(plane), anim::plane_bytes(format, size, plane).area(),
                static_cast<std::uint8_t>(level));
  }
  return picture;
}

/// Adds noise of that standard deviation to Y, U and V; another one for each `seed`.
inline void add_noise(anim::Image& picture, double deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, deviation);
  for (int plane = 0; plane < 3; ++plane) {
    const auto area = anim::plane_bytes(picture.format(), picture.size(), plane).area();
    for (std::int64_t i = 0; i < area; ++i) {
      const int value = picture.plane(plane)[i] + static_cast<int>(std::lround(noise(random)));
      picture.plane(plane)[i] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
    }
  }
}

}  // namespace flat_pictures
