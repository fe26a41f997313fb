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
constexpr std::uint8_t kSelect = 11;
constexpr std::uint8_t kGradient = 12;

/// The pixels around one.
struct Around {
  std::uint32_t left;
  std::uint32_t above_left;
  std::uint32_t above;
};

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

/// What the specification's `mode` says of a pixel.
template <int mode>
std::uint32_t prediction(const Around& around) {
  if constexpr (mode == kLeft) return around.left;
  if constexpr (mode == kAbove) return around.above;
  if constexpr (mode == kSelect) return select(around);
  return whole_gradient(around);
}

/// The differences of `count` pixels from `at` on, none of which is in the first row or column.
template <int mode>
void take(const std::uint32_t* at, int width, int count, std::uint32_t* to) {
  for (int i = 0; i < count; ++i, ++at) {
    const std::uint32_t* above = at - width;
    *to++ = difference(*at, prediction<mode>({at[-1], above[-1], above[0]}));
  }
}

/// A predictor that is tried.
struct Predictor {
  std::uint8_t mode;
  void (*take)(const std::uint32_t* at, int width, int count, std::uint32_t* to);
};

/// Means of two or four leave no less than the gradient does.
constexpr std::array<Predictor, 4> kTried = {{{kLeft, take<kLeft>},
                                              {kAbove, take<kAbove>},
                                              {kSelect, take<kSelect>},
                                              {kGradient, take<kGradient>}}};

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

Predictor best_predictor(const Pixels& pixels, const Inside& area,
                         std::vector<std::uint32_t>& differences) {
  Predictor best = kTried.front();
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  const int count = area.right - area.x;
  for (const Predictor& predictor : kTried) {
    std::uint64_t cost = 0;
    for (int y = area.y; y < area.bottom && cost < least; ++y) {
      const std::size_t place = static_cast<std::size_t>(y) * pixels.width + area.x;
      predictor.take(pixels.words.data() + place, pixels.width, count, differences.data());
      for (int i = 0; i < count; ++i) cost += cost_of(differences[static_cast<std::size_t>(i)]);
    }
    if (cost < least) {
      least = cost;
      best = predictor;
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
    const Predictor best = best_predictor(pixels, area, differences);
    out.modes.push_back(best.mode);
    for (int y = area.y; y < area.bottom; ++y) {
      const std::size_t place = static_cast<std::size_t>(y) * pixels.width + area.x;
      best.take(pixels.words.data() + place, pixels.width, area.right - area.x,
                out.residuals.words.data() + place);
    }
  }
  return out;
}

}  // namespace anim::vp8l
