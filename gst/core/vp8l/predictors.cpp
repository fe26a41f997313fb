// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/predictors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <limits>

namespace anim::vp8l {
namespace {

constexpr std::uint32_t kOpaqueBlack = 0xFF000000;
constexpr std::uint8_t kLeft = 1;
constexpr std::uint8_t kAbove = 2;

/// The pixels around one: left, above left, above, above right.
struct Around {
  std::uint32_t left;
  std::uint32_t above_left;
  std::uint32_t above;
  std::uint32_t above_right;
};

/// By channel, half of the sum, rounded down.
std::uint32_t average(std::uint32_t a, std::uint32_t b) {
  return (((a ^ b) & 0xFEFEFEFE) >> 1) + (a & b);
}

/// By channel, modulo 256.
std::uint32_t difference(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t alpha_green = 0x00FF00FF + (a & 0xFF00FF00) - (b & 0xFF00FF00);
  const std::uint32_t red_blue = 0xFF00FF00 + (a & 0x00FF00FF) - (b & 0x00FF00FF);
  return (alpha_green & 0xFF00FF00) | (red_blue & 0x00FF00FF);
}

template <class Change>
std::uint32_t by_channel(Change change) {
  std::uint32_t out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    out |= static_cast<std::uint32_t>(std::clamp(change(shift), 0, 255)) << shift;
  }
  return out;
}

int channel(std::uint32_t pixel, int shift) {
  return static_cast<int>(pixel >> shift & 0xFF);
}

int distance(std::uint32_t a, std::uint32_t b) {
  int sum = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    sum += std::abs(channel(a, shift) - channel(b, shift));
  }
  return sum;
}

std::uint32_t select(const Around& around) {
  const int from_left = distance(around.above, around.above_left);
  const int from_above = distance(around.left, around.above_left);
  return from_left < from_above ? around.left : around.above;
}

std::uint32_t whole_gradient(const Around& around) {
  return by_channel([&](int shift) {
    return channel(around.left, shift) + channel(around.above, shift) -
           channel(around.above_left, shift);
  });
}

std::uint32_t half_gradient(std::uint32_t mean, std::uint32_t other) {
  return by_channel([&](int shift) {
    const int from = channel(mean, shift);
    return from + (from - channel(other, shift)) / 2;
  });
}

/// What `mode` says of a pixel; mode 0 is black.
template <int mode>
std::uint32_t prediction(const Around& around) {
  const auto& [left, above_left, above, above_right] = around;
  if constexpr (mode == 1) return left;
  if constexpr (mode == 2) return above;
  if constexpr (mode == 3) return above_right;
  if constexpr (mode == 4) return above_left;
  if constexpr (mode == 5) return average(average(left, above_right), above);
  if constexpr (mode == 6) return average(left, above_left);
  if constexpr (mode == 7) return average(left, above);
  if constexpr (mode == 8) return average(above_left, above);
  if constexpr (mode == 9) return average(above, above_right);
  if constexpr (mode == 10) return average(average(left, above_left), average(above, above_right));
  if constexpr (mode == 11) return select(around);
  if constexpr (mode == 12) return whole_gradient(around);
  if constexpr (mode == 13) return half_gradient(average(left, above), above_left);
  return kOpaqueBlack;
}

/// The differences of `count` pixels from `at` on, none of which is in the first row or column.
template <int mode>
void take(const std::uint32_t* at, int width, int count, std::uint32_t* to) {
  for (int i = 0; i < count; ++i, ++at) {
    const std::uint32_t* above = at - width;
    *to++ = difference(*at, prediction<mode>({at[-1], above[-1], above[0], above[1]}));
  }
}

using Take = void (*)(const std::uint32_t*, int, int, std::uint32_t*);
constexpr std::array<Take, 14> kTakes = {take<0>,  take<1>,  take<2>,  take<3>, take<4>,
                                         take<5>,  take<6>,  take<7>,  take<8>, take<9>,
                                         take<10>, take<11>, take<12>, take<13>};

/// The modes that are tried: means of two or four leave no less than the gradient does.
constexpr std::array<std::uint8_t, 4> kTried = {kLeft, kAbove, 11, 12};

/// What a difference costs by its size, in sixteenths of a bit, about.
constexpr auto kCosts = [] {
  std::array<std::uint8_t, 256> costs{};
  for (unsigned i = 1; i < 256; ++i) {
    const unsigned size = std::min(i, 256 - i);
    costs.at(i) = static_cast<std::uint8_t>(48 + 16 * std::bit_width(size));
  }
  return costs;
}();

std::uint32_t cost_of(std::uint32_t difference) {
  return std::uint32_t{kCosts[difference & 0xFF]} + kCosts[difference >> 8 & 0xFF] +
         kCosts[difference >> 16 & 0xFF] + kCosts[difference >> 24];
}

/// The part of a tile that is not in the first row or column.
struct Inside {
  int x;
  int y;
  int right;
  int bottom;
};

Inside inside(const Pixels& pixels, const Tiles& tiles, std::size_t tile) {
  const int x = static_cast<int>(tile) % tiles.columns << tiles.bits;
  const int y = static_cast<int>(tile) / tiles.columns << tiles.bits;
  return {std::max(x, 1), std::max(y, 1), std::min(x + (1 << tiles.bits), pixels.width),
          std::min(y + (1 << tiles.bits), pixels.height)};
}

std::uint8_t best_mode(const Pixels& pixels, const Inside& area,
                       std::vector<std::uint32_t>& differences) {
  std::uint8_t best = kLeft;
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  const int count = area.right - area.x;
  for (const std::uint8_t mode : kTried) {
    std::uint64_t cost = 0;
    for (int y = area.y; y < area.bottom && cost < least; ++y) {
      const std::size_t place = static_cast<std::size_t>(y) * pixels.width + area.x;
      kTakes.at(mode)(pixels.words.data() + place, pixels.width, count, differences.data());
      for (int i = 0; i < count; ++i) cost += cost_of(differences[static_cast<std::size_t>(i)]);
    }
    if (cost < least) {
      least = cost;
      best = mode;
    }
  }
  return best;
}

/// The first row from the left, the first column from above: section 4.1 says so.
void take_edges(const Pixels& pixels, std::vector<std::uint32_t>& to) {
  const auto width = static_cast<std::size_t>(pixels.width);
  to.front() = difference(pixels.words.front(), kOpaqueBlack);
  for (std::size_t x = 1; x < width; ++x) {
    to[x] = difference(pixels.words[x], pixels.words[x - 1]);
  }
  for (std::size_t at = width; at < to.size(); at += width) {
    to[at] = difference(pixels.words[at], pixels.words[at - width]);
  }
}

}  // namespace

Predicted predicted(const Pixels& pixels, int tile_bits) {
  Predicted out{
      .tiles = Tiles(pixels.width, pixels.height, tile_bits),
      .modes = {},
      .residuals = {pixels.width, pixels.height, std::vector<std::uint32_t>(pixels.words.size())}};
  std::vector<std::uint32_t> differences(std::size_t{1} << tile_bits);
  take_edges(pixels, out.residuals.words);
  for (std::size_t tile = 0; tile < out.tiles.count(); ++tile) {
    const Inside area = inside(pixels, out.tiles, tile);
    const std::uint8_t mode = best_mode(pixels, area, differences);
    out.modes.push_back(mode);
    for (int y = area.y; y < area.bottom; ++y) {
      const std::size_t place = static_cast<std::size_t>(y) * pixels.width + area.x;
      kTakes.at(mode)(pixels.words.data() + place, pixels.width, area.right - area.x,
                      out.residuals.words.data() + place);
    }
  }
  return out;
}

}  // namespace anim::vp8l
