// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/vp8l/matches.h"
#include "gst/core/vp8l/token.h"

using namespace anim::vp8l;

namespace {

Pixels random_pixels(int width, int height, std::uint32_t colors, unsigned seed) {
  std::mt19937 random(seed);
  Pixels pixels{width, height, {}};
  for (int i = 0; i < width * height; ++i) pixels.words.push_back(random() % colors);
  return pixels;
}

/// Whether each match is one, and reaches no further than the picture.
bool are_true(const Pixels& pixels, const std::vector<Match>& matches) {
  for (std::size_t at = 0; at < matches.size(); ++at) {
    const auto& [distance, length] = matches[at];
    if (length == 0) continue;
    if (distance == 0 || distance > at || length > kLongestCopy) return false;
    if (at + length > matches.size()) return false;
    for (std::size_t i = at; i < at + length; ++i) {
      if (pixels.words[i] != pixels.words[i - distance]) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("what is found is there") {
  for (const std::uint32_t colors : {1U, 2U, 5U, 1000U}) {
    const Pixels pixels = random_pixels(97, 61, colors, colors);
    const auto matches = longest_matches(pixels, 8);
    REQUIRE(matches.size() == pixels.words.size());
    CHECK(are_true(pixels, matches));
  }
}

TEST_CASE("a picture that comes again is found as a whole") {
  Pixels pixels = random_pixels(40, 20, 1U << 24, 1);
  const std::size_t half = pixels.words.size();
  const auto first = pixels.words;
  pixels.words.insert(pixels.words.end(), first.begin(), first.end());
  pixels.height = 40;
  const auto matches = longest_matches(pixels, 8);
  CHECK(matches[half].distance == half);
  CHECK(matches[half].length == half);
  CHECK(std::all_of(matches.begin(), matches.begin() + static_cast<std::ptrdiff_t>(half),
                    [](const Match& match) { return match.length == 0; }));
}

TEST_CASE("what follows runs tells them apart") {
  // Runs of ten pixels before a colour of their own: the second of a kind is found, with it.
  Pixels pixels{11, 60, {}};
  for (std::uint32_t row = 0; row < 60; ++row) {
    pixels.words.insert(pixels.words.end(), 10, 7);
    pixels.words.push_back(1000 + row % 30);
  }
  const auto matches = longest_matches(pixels, 30);
  CHECK(matches[30 * 11].distance == 30 * 11);
  CHECK(matches[30 * 11].length == 30 * 11);
}

TEST_CASE("a plain picture is one match, in parts that may be copied") {
  const Pixels pixels = random_pixels(100, 100, 1, 0);
  const auto matches = longest_matches(pixels, 8);
  CHECK(matches[1].distance == 1);
  CHECK(matches[1].length == kLongestCopy);
  CHECK(matches.back().length == 1);
}

TEST_CASE("nothing is farther than a copy can reach") {
  // A few pixels that come again so much later.
  for (const std::uint32_t distance : {kFarthestCopy, kFarthestCopy + 1}) {
    Pixels pixels{static_cast<int>(distance) + 20, 1, {}};
    for (std::uint32_t i = 0; i < distance + 20; ++i) pixels.words.push_back(i % distance);
    const auto matches = longest_matches(pixels, 100);
    CHECK(matches[distance].distance == (distance == kFarthestCopy ? distance : 0));
  }
}

TEST_CASE("one pixel has none") {
  CHECK(longest_matches(random_pixels(1, 1, 9, 0), 8).front().length == 0);
}
