// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <utility>

#include <doctest/doctest.h>

#include "gst/core/vp8l/near_lossless.h"

using anim::vp8l::Pixels;
using anim::vp8l::round_busy_pixels;

namespace {

constexpr std::uint32_t kOpaque = 0xFF000000;

/// A picture of color(x, y).
template <class Color>
Pixels picture(int width, int height, Color color) {
  Pixels out{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) out.words.push_back(static_cast<std::uint32_t>(color(x, y)));
  }
  return out;
}

constexpr std::uint32_t grey(int level) {
  return kOpaque | static_cast<std::uint32_t>(level) * 0x010101;
}

Pixels noise(int width, int height, std::uint32_t alpha = kOpaque) {
  std::mt19937 random(7);
  return picture(width, height, [&](int, int) { return random() | alpha; });
}

Pixels rounded(Pixels pixels, int level) {
  round_busy_pixels(pixels, level);
  return pixels;
}

int channel(std::uint32_t pixel, int index) {
  return static_cast<int>(pixel >> (8 * index) & 0xFF);
}

int largest_error(const Pixels& one, const Pixels& other) {
  int largest = 0;
  for (std::size_t i = 0; i < one.words.size(); ++i) {
    for (int c = 0; c < 4; ++c) {
      const int error = channel(one.words[i], c) - channel(other.words[i], c);
      largest = std::max(largest, std::abs(error));
    }
  }
  return largest;
}

}  // namespace

TEST_CASE("busy pixels become multiples of the level's step") {
  const Pixels source = noise(33, 17);
  const std::pair<int, int> steps[] = {{99, 2}, {80, 2}, {60, 4}, {40, 8}, {20, 16}, {0, 32}};
  for (const auto& [level, step] : steps) {
    const int of_level = level;
    CAPTURE(of_level);
    const Pixels result = rounded(source, level);
    CHECK(largest_error(source, result) == step / 2);
    int others = 0;
    for (const std::uint32_t pixel : result.words) {
      for (int c = 0; c < 3; ++c) {
        if (channel(pixel, c) % step != 0 && channel(pixel, c) != 255) ++others;
      }
    }
    CHECK(others == 0);
  }
}

TEST_CASE("soft and even parts stay, as do black, white and alpha") {
  const Pixels slope = picture(40, 30, [](int x, int y) { return grey(x + y); });
  CHECK(rounded(slope, 60).words == slope.words);
  const Pixels drawing =
      picture(40, 30, [](int x, int y) { return grey((x / 3 + y / 5) % 2 == 0 ? 255 : 0); });
  CHECK(rounded(drawing, 0).words == drawing.words);
  const Pixels glass = noise(20, 20, 0);
  const Pixels result = rounded(glass, 0);
  CHECK(result.words != glass.words);
  for (std::size_t i = 0; i < glass.words.size(); ++i) {
    REQUIRE(channel(result.words[i], 3) == channel(glass.words[i], 3));
  }
}

TEST_CASE("an edge is rounded on its two sides alone") {
  const Pixels source = picture(9, 3, [](int x, int) { return grey(x < 4 ? 101 : 151); });
  const Pixels wanted = picture(9, 3, [](int x, int) {
    if (x == 3) return grey(100);
    if (x == 4) return grey(152);
    return grey(x < 4 ? 101 : 151);
  });
  CHECK(rounded(source, 60).words == wanted.words);
}

TEST_CASE("the smallest pictures go through") {
  const Pixels one = noise(1, 1);
  CHECK(rounded(one, 0).words == one.words);
  for (const auto& [width, height] : {std::pair{1, 9}, {9, 1}}) {
    const Pixels source = noise(width, height);
    const int error = largest_error(source, rounded(source, 0));
    CHECK(error > 0);
    CHECK(error <= 16);
  }
}
