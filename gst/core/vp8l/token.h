// SPDX-License-Identifier: LGPL-2.1-or-later
// The pieces that a VP8L image is said in, and their symbols. Source: WebP Lossless Bitstream
// Specification, section 5.2.
#pragma once

#include <cstddef>
#include <cstdint>

namespace anim::vp8l {

/// A pixel, its place in the colour cache, or a copy of pixels before.
struct Token {
  enum class Kind : std::uint8_t { Pixel, Cached, Copy };

  std::uint32_t value = 0;   ///< the pixel, its place, or the code of the copy's distance
  std::uint16_t length = 1;  ///< how many pixels it stands for
  Kind kind = Kind::Pixel;
};

/// The most pixels of a copy.
inline constexpr std::uint32_t kLongestCopy = 4096;

/// The farthest that a copy can reach back, in pixels: what the last symbol of distances can say,
/// without the codes of near ones (section 5.2.2).
inline constexpr std::uint32_t kFarthestCopy = (1U << 20) - 120;

/// The alphabets of a group of prefix codes.
inline constexpr std::size_t kChannelSymbols = 256;
inline constexpr std::size_t kLengthSymbols = 24;
inline constexpr std::size_t kDistanceSymbols = 40;
/// Where lengths and places of the cache begin among the symbols of green.
inline constexpr std::size_t kFirstLength = kChannelSymbols;
inline constexpr std::size_t kFirstCached = kFirstLength + kLengthSymbols;

/// A length or a code of a distance as it is coded: a symbol and bits after it.
struct Prefixed {
  std::uint32_t symbol;
  std::uint32_t extra;
  int extra_bits;
};

/// Section 5.2.2, "LZ77 Prefix Coding"; `value` is at least 1.
[[nodiscard]] constexpr Prefixed prefixed(std::uint32_t value) {
  const std::uint32_t below = value - 1;
  if (below < 4) return {below, 0, 0};
  const int extra_bits = 30 - __builtin_clz(below);
  const std::uint32_t upper = below >> extra_bits;  // 2 or 3
  return {2 * static_cast<std::uint32_t>(extra_bits) + upper, below & ((1U << extra_bits) - 1),
          extra_bits};
}

/// Codes of distances in a picture of some width: near places in the plane have the first ones
/// (section 5.2.2, "Distance Mapping").
class DistanceCodes {
 public:
  explicit DistanceCodes(int width) : width_(static_cast<std::uint32_t>(width)) {}

  /// `distance` is in pixels in scan order, 1 to kFarthestCopy.
  [[nodiscard]] std::uint32_t code_of(std::uint32_t distance) const;

 private:
  std::uint32_t width_;
};

}  // namespace anim::vp8l
