// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/vp8l/parse.h"
#include "gst/core/vp8l/symbol_counts.h"

using namespace anim::vp8l;

namespace {

/// Random words in random places, as a text has them.
Pixels text(int width, int height) {
  std::mt19937 random(3);
  std::vector<std::vector<std::uint32_t>> words(20);
  for (auto& word : words) {
    for (std::size_t i = 0; i < 5 + random() % 9; ++i) word.push_back(random() % 12);
  }
  Pixels pixels{width, height, {}};
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  while (pixels.words.size() < size) {
    const auto& word = words[random() % words.size()];
    pixels.words.insert(pixels.words.end(), word.begin(), word.end());
  }
  pixels.words.resize(size);
  return pixels;
}

/// The pixels that tokens stand for; distances by trying all that have the code.
std::vector<std::uint32_t> read(const std::vector<Token>& tokens, int width, int cache_bits) {
  const DistanceCodes codes(width);
  std::vector<std::uint32_t> cache(std::size_t{1} << cache_bits);
  std::vector<std::uint32_t> out;
  const auto show = [&](std::uint32_t pixel) {
    out.push_back(pixel);
    if (cache_bits > 0) cache[(pixel * 0x1E35A7BDU) >> (32 - cache_bits)] = pixel;
  };
  for (const Token& token : tokens) {
    if (token.kind == Token::Kind::Pixel) show(token.value);
    if (token.kind == Token::Kind::Cached) show(cache.at(token.value));
    if (token.kind != Token::Kind::Copy) continue;
    std::size_t distance = 1;
    while (codes.code_of(static_cast<std::uint32_t>(distance)) != token.value) ++distance;
    for (int i = 0; i < token.length; ++i) show(out.at(out.size() - distance));
  }
  return out;
}

double bits_of(const std::vector<Token>& tokens, int cache_bits) {
  SymbolCounts counts(cache_bits);
  for (const Token& token : tokens) counts.add(token);
  return counts.bits();
}

}  // namespace

TEST_CASE("tokens stand for the pixels, and cheap ones take less") {
  const Pixels pixels = text(64, 48);
  const auto matches = longest_matches(pixels, 8);
  const auto greedy = greedy_tokens(pixels, matches);
  CHECK(read(greedy, 64, 0) == pixels.words);
  const auto cheap = cheapest_tokens(pixels, matches, {}, greedy);
  CHECK(read(cheap, 64, 0) == pixels.words);
  CHECK(bits_of(cheap, 0) < 0.99 * bits_of(greedy, 0));
}

TEST_CASE("the longest copies are taken, many times as many pixels as one has") {
  Pixels pixels = text(200, 150);
  std::copy_n(pixels.words.begin(), 9000, pixels.words.begin() + 12000);
  std::fill_n(pixels.words.begin() + 21000, 9000, 5U);
  const auto matches = longest_matches(pixels, 8);
  const auto cheap = cheapest_tokens(pixels, matches, {}, greedy_tokens(pixels, matches));
  CHECK(read(cheap, 200, 0) == pixels.words);
  CHECK(std::count_if(cheap.begin(), cheap.end(),
                      [](const Token& token) { return token.length == kLongestCopy; }) >= 3);
}

TEST_CASE("a cache stands for what it has") {
  // Colours of four bytes that come up often, each time beside another one.
  std::mt19937 random(4);
  Pixels pixels{50, 50, {}};
  for (int i = 0; i < 2500; ++i) pixels.words.push_back(0x9E3779B1U * (1 + random() % 40));
  const auto matches = longest_matches(pixels, 8);
  const auto greedy = greedy_tokens(pixels, matches);
  const CachedPixels cached(pixels, 8);
  const auto tokens = with_cache(greedy, cached);
  CHECK(read(tokens, 50, 8) == pixels.words);
  CHECK(bits_of(tokens, 8) < bits_of(greedy, 0) / 2);
  const auto cheap = cheapest_tokens(pixels, matches, cached, tokens);
  CHECK(read(cheap, 50, 8) == pixels.words);
  CHECK(bits_of(cheap, 8) <= bits_of(tokens, 8));
}

TEST_CASE("a cache has what has come, and the pixel before") {
  CHECK(CachedPixels().bits() == 0);
  CHECK_FALSE(CachedPixels().has(0));
  const CachedPixels cached({5, 1, {1, 2, 2, 3, 1}}, 11);
  CHECK(cached.bits() == 11);
  CHECK_FALSE(cached.has(0));
  CHECK_FALSE(cached.has(1));
  CHECK(cached.has(2));
  CHECK_FALSE(cached.has(3));
  CHECK(cached.has(4));
}
