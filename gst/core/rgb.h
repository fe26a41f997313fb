// SPDX-License-Identifier: LGPL-2.1-or-later
// Colours of 8 bits a channel, and how far two of them are apart.
#pragma once

#include <cstdint>

namespace anim {

/// A pixel as one word, 0xAARRGGBB, alpha not premultiplied.
using Argb = std::uint32_t;

/// An opaque colour.
struct Rgb {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;

  friend constexpr bool operator==(Rgb, Rgb) = default;
  /// By red, then green, then blue.
  friend constexpr bool operator<(Rgb a, Rgb b) { return a.key() < b.key(); }

 private:
  [[nodiscard]] constexpr int key() const { return r << 16 | g << 8 | b; }
};

/// The weights of the squared differences of red, green and blue: green counts most, blue least,
/// roughly as the eye has it.
inline constexpr int kRedWeight = 2;
inline constexpr int kGreenWeight = 3;
inline constexpr int kBlueWeight = 1;

/// The distance of two colours that differ by one level in every channel.
inline constexpr int kLevelDistance = kRedWeight + kGreenWeight + kBlueWeight;

/// The weighted square of the distance of two colours: 0 for equal ones, at most 390150.
[[nodiscard]] constexpr int color_distance(Rgb a, Rgb b) {
  const int red = a.r - b.r;
  const int green = a.g - b.g;
  const int blue = a.b - b.b;
  return kRedWeight * red * red + kGreenWeight * green * green + kBlueWeight * blue * blue;
}

/// The colour of a pixel, whatever its alpha.
[[nodiscard]] constexpr Rgb rgb_of(Argb pixel) {
  return {static_cast<std::uint8_t>(pixel >> 16U), static_cast<std::uint8_t>(pixel >> 8U),
          static_cast<std::uint8_t>(pixel)};
}

[[nodiscard]] constexpr std::uint32_t alpha_of(Argb pixel) {
  return pixel >> 24U;
}

/// The pixel of an opaque colour.
[[nodiscard]] constexpr Argb opaque(Rgb color) {
  return 0xFF000000U | Argb{color.r} << 16U | Argb{color.g} << 8U | color.b;
}

}  // namespace anim
