// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/parse.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "gst/core/vp8l/color_cache.h"
#include "gst/core/vp8l/symbol_counts.h"

namespace anim::vp8l {
namespace {

constexpr std::uint32_t kFewest = 3;      // pixels of a copy that is taken without a look at costs
constexpr std::uint32_t kFewestNear = 2;  // the same of the pixel to the left or above
constexpr std::uint32_t kLong = 128;      // taken whole where it can be had
constexpr std::uint32_t kAnyLength = 16;  // up to here each length is tried

Token copy_of(const DistanceCodes& codes, std::uint32_t distance, std::uint32_t length) {
  return {codes.code_of(distance), static_cast<std::uint16_t>(length), Token::Kind::Copy};
}

/// Bits by symbol of one alphabet, as its counts have it.
std::vector<float> costs_of(std::span<const std::uint32_t> counts) {
  double total = 0;
  for (const std::uint32_t count : counts) total += count;
  std::vector<float> costs;
  costs.reserve(counts.size());
  for (const std::uint32_t count : counts) {
    // One that has not come up would be rarer than any.
    const double bits = std::log2(total + 1) - (count > 0 ? std::log2(count) : 0);
    costs.push_back(static_cast<float>(bits));
  }
  return costs;
}

/// What tokens cost, in bits.
class Costs {
 public:
  explicit Costs(const SymbolCounts& counts)
      : green_(costs_of(counts.of(Alphabet::Green))),
        red_(costs_of(counts.of(Alphabet::Red))),
        blue_(costs_of(counts.of(Alphabet::Blue))),
        alpha_(costs_of(counts.of(Alphabet::Alpha))),
        distance_(costs_of(counts.of(Alphabet::Distance))),
        lengths_(kLongestCopy + 1) {
    for (std::uint32_t length = 1; length <= kLongestCopy; ++length) {
      const Prefixed coded = prefixed(length);
      lengths_[length] = green_[kFirstLength + coded.symbol] + static_cast<float>(coded.extra_bits);
    }
  }

  [[nodiscard]] float of_pixel(std::uint32_t pixel) const {
    return alpha_[pixel >> 24] + red_[pixel >> 16 & 0xFF] + green_[pixel >> 8 & 0xFF] +
           blue_[pixel & 0xFF];
  }
  [[nodiscard]] float of_cached(std::uint32_t place) const { return green_[kFirstCached + place]; }
  [[nodiscard]] float of_length(std::uint32_t length) const { return lengths_[length]; }
  [[nodiscard]] float of_distance(std::uint32_t code) const {
    const Prefixed coded = prefixed(code);
    return distance_[coded.symbol] + static_cast<float>(coded.extra_bits);
  }

 private:
  std::vector<float> green_;
  std::vector<float> red_;
  std::vector<float> blue_;
  std::vector<float> alpha_;
  std::vector<float> distance_;
  std::vector<float> lengths_;
};

/// The cheapest way to each pixel, from the first on.
class Paths {
 public:
  explicit Paths(std::size_t pixels) : steps_(pixels + 1) { steps_.front().cost = 0; }

  [[nodiscard]] double cost_at(std::size_t at) const { return steps_[at].cost; }

  void offer(std::size_t at, std::uint32_t length, std::uint32_t distance, double cost) {
    Step& step = steps_[at + length];
    if (cost < step.cost) step = {cost, distance, static_cast<std::uint16_t>(length)};
  }

  /// The copies of the cheapest way to the end, and pixels between.
  [[nodiscard]] std::vector<Token> tokens(const Pixels& pixels) const {
    const DistanceCodes codes(pixels.width);
    std::vector<Token> tokens;
    for (std::size_t at = pixels.words.size(); at > 0; at -= steps_[at].length) {
      const Step& step = steps_[at];
      tokens.push_back(step.distance == 0 ? Token{pixels.words[at - 1]}
                                          : copy_of(codes, step.distance, step.length));
    }
    std::reverse(tokens.begin(), tokens.end());
    return tokens;
  }

 private:
  struct Step {
    /// A float would lose the bits of a token beside those of a large picture.
    double cost = std::numeric_limits<double>::infinity();
    std::uint32_t distance = 0;  ///< 0: a pixel
    std::uint16_t length = 1;
  };
  std::vector<Step> steps_;  ///< by place: the last one of the cheapest way there
};

/// Offers the lengths of a match that may pay: all short ones, then the longest of each symbol.
void offer_lengths(Paths& paths, std::size_t at, const Match& match, double cost,
                   const Costs& costs) {
  const auto offer = [&](std::uint32_t length) {
    paths.offer(at, length, match.distance, cost + costs.of_length(length));
  };
  offer(match.length);
  if (match.length >= kLong) return;
  for (std::uint32_t length = 1; length < std::min(match.length, kAnyLength); ++length) {
    offer(length);
  }
  constexpr std::array<std::uint32_t, 6> kLongestOfSymbols = {16, 24, 32, 48, 64, 96};
  for (const std::uint32_t length : kLongestOfSymbols) {
    if (length < match.length) offer(length);
  }
}

}  // namespace

CachedPixels::CachedPixels(const Pixels& pixels, int bits)
    : bits_(bits), are_cached_(pixels.words.size()) {
  ColorCache cache(bits);
  std::uint32_t before = ~pixels.words.front();
  for (std::size_t i = 0; i < are_cached_.size(); ++i) {
    const std::uint32_t pixel = pixels.words[i];
    are_cached_[i] = pixel == before || cache.insert(pixel) ? 1 : 0;
    before = pixel;
  }
}

std::vector<Token> greedy_tokens(const Pixels& pixels, std::span<const Match> matches) {
  const DistanceCodes codes(pixels.width);
  const auto width = static_cast<std::uint32_t>(pixels.width);
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < pixels.words.size(); at += tokens.back().length) {
    const Match& match = matches[at];
    const bool is_near = match.distance == 1 || match.distance == width;
    const bool pays = match.length >= (is_near ? kFewestNear : kFewest);
    tokens.push_back(pays ? copy_of(codes, match.distance, match.length) : Token{pixels.words[at]});
  }
  return tokens;
}

std::vector<Token> with_cache(std::vector<Token> tokens, const CachedPixels& cached) {
  if (cached.bits() == 0) return tokens;
  std::size_t at = 0;
  for (Token& token : tokens) {
    if (token.kind == Token::Kind::Pixel && cached.has(at)) {
      token = {place_in_cache(token.value, cached.bits()), 1, Token::Kind::Cached};
    }
    at += token.length;
  }
  return tokens;
}

std::vector<Token> cheapest_tokens(const Pixels& pixels, std::span<const Match> matches,
                                   const CachedPixels& cached, std::span<const Token> like) {
  const Costs costs(counts_of(like, cached.bits()));
  const DistanceCodes codes(pixels.width);
  Paths paths(pixels.words.size());
  for (std::size_t at = 0; at < pixels.words.size(); ++at) {
    const double cost = paths.cost_at(at);
    if (cost == std::numeric_limits<double>::infinity()) continue;
    const Match& match = matches[at];
    if (match.length > 0) {
      const double with_distance = cost + costs.of_distance(codes.code_of(match.distance));
      offer_lengths(paths, at, match, with_distance, costs);
      if (match.length >= kLong) continue;
    }
    const std::uint32_t pixel = pixels.words[at];
    paths.offer(at, 1, 0,
                cost + (cached.has(at) ? costs.of_cached(place_in_cache(pixel, cached.bits()))
                                       : costs.of_pixel(pixel)));
  }
  return with_cache(paths.tokens(pixels), cached);
}

}  // namespace anim::vp8l
