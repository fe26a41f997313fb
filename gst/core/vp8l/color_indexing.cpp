// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/color_indexing.h"

#include <algorithm>
#include <array>

namespace anim::vp8l {
namespace {

constexpr std::size_t kMost = 256;
constexpr std::uint32_t kOpaque = 0xFF000000;

/// Colours and their numbers, by open addressing; for at most kMost and one more.
class Numbers {
 public:
  /// Whether `color` was new.
  bool insert(std::uint32_t color) {
    const std::size_t place = place_of(color);
    if (is_used_[place]) return false;
    is_used_[place] = true;
    colors_[place] = color;
    return true;
  }
  void number(std::uint32_t color, std::uint8_t number) { numbers_[place_of(color)] = number; }
  [[nodiscard]] std::uint8_t of(std::uint32_t color) const { return numbers_[place_of(color)]; }

 private:
  static constexpr std::size_t kPlaces = 4 * kMost;

  [[nodiscard]] std::size_t place_of(std::uint32_t color) const {
    std::size_t place = (color * 0x9E3779B1U) >> 22U;
    while (is_used_[place] && colors_[place] != color) place = (place + 1) % kPlaces;
    return place;
  }

  std::array<std::uint32_t, kPlaces> colors_{};
  std::array<bool, kPlaces> is_used_{};
  std::array<std::uint8_t, kPlaces> numbers_{};
};

/// How many pixels are put into one: their logarithm.
int bundle_bits(std::size_t colors) {
  if (colors <= 2) return 3;
  if (colors <= 4) return 2;
  return colors <= kMostBundledColors ? 1 : 0;
}

}  // namespace

std::optional<std::vector<std::uint32_t>> color_table(const Pixels& pixels) {
  Numbers seen;
  std::vector<std::uint32_t> table;
  std::uint32_t before = ~pixels.words.front();
  for (const std::uint32_t pixel : pixels.words) {
    if (pixel == before) continue;
    before = pixel;
    if (!seen.insert(pixel)) continue;
    if (table.size() == kMost) return std::nullopt;
    table.push_back(pixel);
  }
  std::sort(table.begin(), table.end());
  return table;
}

Pixels indexed(const Pixels& pixels, const std::vector<std::uint32_t>& table) {
  Numbers numbers;
  for (std::size_t i = 0; i < table.size(); ++i) {
    numbers.insert(table[i]);
    numbers.number(table[i], static_cast<std::uint8_t>(i));
  }
  const int bits = bundle_bits(table.size());
  const int in_one = 1 << bits;
  Pixels out{(pixels.width + in_one - 1) >> bits, pixels.height, {}};
  out.words.reserve(static_cast<std::size_t>(out.width) * out.height);
  auto from = pixels.words.begin();
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < pixels.width;) {
      std::uint32_t bundle = 0;
      for (int i = 0; i < in_one && x < pixels.width; ++i, ++x) {
        bundle |= std::uint32_t{numbers.of(*from++)} << (i * (8 >> bits));
      }
      out.words.push_back(kOpaque | bundle << 8);
    }
  }
  return out;
}

}  // namespace anim::vp8l
