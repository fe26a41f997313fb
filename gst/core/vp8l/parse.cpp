// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/parse.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "gst/core/vp8l/color_cache.h"

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

/// The cheapest way to each pixel, found from the first on: no step is longer than a copy, so that
/// only the costs of so many places are known at once.
class Paths {
 public:
  explicit Paths(std::size_t pixels) : steps_(pixels + 1), costs_(kPlaces, kUnreached) {
    costs_.front() = 0;
  }

  /// The cost of the way to `at`, kUnreached when there is none, which is forgotten then: its place
  /// is for another. Asked once for each, in order.
  [[nodiscard]] double take_cost(std::size_t at) {
    return std::exchange(costs_[at % kPlaces], kUnreached);
  }

  /// A copy of `length` pixels from `at` on; kPixel for the pixel.
  void offer(std::size_t at, std::uint32_t length, double cost) {
    const std::size_t to = at + std::max(length, 1U);
    double& least = costs_[to % kPlaces];
    if (cost >= least) return;
    least = cost;
    steps_[to] = static_cast<std::uint16_t>(length);
  }

  /// The copies of the cheapest way to the end, which are of `matches`, and pixels between.
  [[nodiscard]] std::vector<Token> tokens(const Pixels& pixels,
                                          std::span<const Match> matches) const {
    const DistanceCodes codes(pixels.width);
    std::vector<Token> tokens;
    for (std::size_t at = pixels.words.size(); at > 0;) {
      const std::uint32_t length = steps_[at];
      at -= std::max(length, 1U);
      tokens.push_back(length == kPixel ? Token{pixels.words[at]}
                                        : copy_of(codes, matches[at].distance, length));
    }
    std::reverse(tokens.begin(), tokens.end());
    return tokens;
  }

  static constexpr std::uint32_t kPixel = 0;
  static constexpr double kUnreached = std::numeric_limits<double>::infinity();

 private:
  static constexpr std::size_t kPlaces = 2 * kLongestCopy;  // more than a copy, a power of two
  std::vector<std::uint16_t> steps_;  ///< by place: the length of the last one of the way there
  /// By place, as it comes round. Floats would lose a token's bits beside those of a large picture.
  std::vector<double> costs_;
};

/// Offers the lengths of a match that may pay: all short ones, then the longest of each symbol.
void offer_lengths(Paths& paths, std::size_t at, const Match& match, double cost,
                   const Costs& costs) {
  const auto offer = [&](std::uint32_t length) {
    paths.offer(at, length, cost + costs.of_length(length));
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

Token CachedPixels::form_of(const Token& token, std::size_t at) const {
  if (token.kind != Token::Kind::Pixel || !has(at)) return token;
  return {place_in_cache(token.value, bits_), 1, Token::Kind::Cached};
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
    token = cached.form_of(token, at);
    at += token.length;
  }
  return tokens;
}

SymbolCounts counts_with_cache(std::span<const Token> tokens, const CachedPixels& cached) {
  SymbolCounts counts(cached.bits());
  std::size_t at = 0;
  for (const Token& token : tokens) {
    counts.add(cached.form_of(token, at));
    at += token.length;
  }
  return counts;
}

std::vector<Token> cheapest_tokens(const Pixels& pixels, std::span<const Match> matches,
                                   const CachedPixels& cached, std::span<const Token> like) {
  const Costs costs(counts_of(like, cached.bits()));
  const DistanceCodes codes(pixels.width);
  Paths paths(pixels.words.size());
  for (std::size_t at = 0; at < pixels.words.size(); ++at) {
    const double cost = paths.take_cost(at);
    if (cost == Paths::kUnreached) continue;
    const Match& match = matches[at];
    if (match.length > 0) {
      const double with_distance = cost + costs.of_distance(codes.code_of(match.distance));
      offer_lengths(paths, at, match, with_distance, costs);
      if (match.length >= kLong) continue;
    }
    const std::uint32_t pixel = pixels.words[at];
    paths.offer(at, Paths::kPixel,
                cost + (cached.has(at) ? costs.of_cached(place_in_cache(pixel, cached.bits()))
                                       : costs.of_pixel(pixel)));
  }
  return with_cache(paths.tokens(pixels, matches), cached);
}

}  // namespace anim::vp8l
