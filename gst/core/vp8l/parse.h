// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture as tokens: which matches are taken.
#pragma once

#include <span>
#include <vector>

#include "gst/core/vp8l/matches.h"
#include "gst/core/vp8l/pixels.h"
#include "gst/core/vp8l/symbol_counts.h"
#include "gst/core/vp8l/token.h"

namespace anim::vp8l {

/// Which pixels of a picture the colour cache has when their turn comes.
class CachedPixels {
 public:
  /// No cache.
  CachedPixels() = default;
  /// A cache of 2^bits places; `bits` is 1 to 11.
  CachedPixels(const Pixels& pixels, int bits);

  [[nodiscard]] int bits() const { return bits_; }
  [[nodiscard]] bool has(std::size_t at) const { return bits_ > 0 && are_cached_[at] != 0; }
  /// `token`, which begins at `at`, or the place of its pixel where the cache has that.
  [[nodiscard]] Token form_of(const Token& token, std::size_t at) const;

 private:
  int bits_ = 0;
  std::vector<std::uint8_t> are_cached_;
};

/// The matches as they come, and pixels between.
[[nodiscard]] std::vector<Token> greedy_tokens(const Pixels& pixels,
                                               std::span<const Match> matches);

/// `tokens` with the places of the cache where it has the pixel.
[[nodiscard]] std::vector<Token> with_cache(std::vector<Token> tokens, const CachedPixels& cached);

/// Counts of the same.
[[nodiscard]] SymbolCounts counts_with_cache(std::span<const Token> tokens,
                                             const CachedPixels& cached);

/// The tokens that are cheapest when their symbols cost what those of `like`, with the cache, do in
/// one group of codes.
[[nodiscard]] std::vector<Token> cheapest_tokens(const Pixels& pixels,
                                                 std::span<const Match> matches,
                                                 const CachedPixels& cached,
                                                 std::span<const Token> like);

}  // namespace anim::vp8l
