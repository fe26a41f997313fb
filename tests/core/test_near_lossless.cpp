// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/near_lossless.h"

using anim::Image;
using anim::PixelFormat;
using anim::round_busy_pixels;
using anim::Size;

namespace {

constexpr int kChannels = 4;

/// A picture whose channel `c` at (x, y) is value(x, y, c).
template <class Value>
Image picture(Size size, Value value) {
  Image out(PixelFormat::Bgra, size);
  std::uint8_t* next = out.plane(0);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      for (int c = 0; c < kChannels; ++c) *next++ = static_cast<std::uint8_t>(value(x, y, c));
    }
  }
  return out;
}

Image noise(Size size, int least_alpha = 255) {
  std::mt19937 random(7);
  return picture(size, [&](int, int, int channel) {
    return channel == 3 ? std::uniform_int_distribution(least_alpha, 255)(random)
                        : std::uniform_int_distribution(0, 255)(random);
  });
}

std::span<const std::uint8_t> values(const Image& image) {
  return {image.view().data[0], static_cast<std::size_t>(image.size().area() * kChannels)};
}

int largest_error(const Image& one, const Image& other) {
  int largest = 0;
  for (std::size_t i = 0; i < values(one).size(); ++i) {
    largest = std::max(largest, std::abs(values(one)[i] - values(other)[i]));
  }
  return largest;
}

bool is_same(const Image& one, const Image& other) {
  return largest_error(one, other) == 0;
}

}  // namespace

TEST_CASE("busy pixels become multiples of the level's step") {
  const Image source = noise({33, 17});
  for (const auto& [level, step] :
       {std::pair{99, 2}, {80, 2}, {60, 4}, {40, 8}, {20, 16}, {0, 32}}) {
    const int of_level = level;
    CAPTURE(of_level);
    Image rounded(source.view());
    round_busy_pixels(rounded, level);
    CHECK(largest_error(source, rounded) == step / 2);
    int others = 0;
    for (std::size_t i = 0; i < values(rounded).size(); ++i) {
      const int value = values(rounded)[i];
      if (value % step != 0 && value != 255) ++others;
    }
    // Noise has next to no pixel whose neighbours are all like it.
    CHECK(others < 5);
  }
}

TEST_CASE("soft and even parts stay, as do black, white and alpha") {
  const Image slope = picture({40, 30}, [](int x, int y, int c) { return c == 3 ? 255 : x + y; });
  const Image drawing = picture(
      {40, 30}, [](int x, int y, int c) { return c == 3 || (x / 3 + y / 5) % 2 == 0 ? 255 : 0; });
  for (const Image* source : {&slope, &drawing}) {
    Image rounded(source->view());
    round_busy_pixels(rounded, 60);
    CHECK(is_same(*source, rounded));
  }
  const Image glass = noise({20, 20}, 0);
  Image rounded(glass.view());
  round_busy_pixels(rounded, 0);
  CHECK_FALSE(is_same(glass, rounded));
  for (std::size_t i = 3; i < values(glass).size(); i += kChannels) {
    REQUIRE(values(rounded)[i] == values(glass)[i]);
  }
}

TEST_CASE("an edge is rounded on its two sides alone") {
  const Image source =
      picture({9, 3}, [](int x, int, int c) { return c == 3 ? 255 : (x < 4 ? 101 : 151); });
  Image rounded(source.view());
  round_busy_pixels(rounded, 60);
  for (int x = 0; x < 9; ++x) {
    CAPTURE(x);
    const int value = rounded.view().row(0, 1)[static_cast<std::size_t>(x) * kChannels];
    CHECK(value == (x == 3 ? 100 : x == 4 ? 152 : x < 4 ? 101 : 151));
  }
}

TEST_CASE("the smallest pictures go through") {
  for (const Size size : {Size{1, 1}, Size{1, 9}, Size{9, 1}}) {
    Image source = noise(size);
    round_busy_pixels(source, 0);
    CHECK((size.area() == 1 || values(source)[0] % 32 == 0 || values(source)[0] == 255));
  }
}
