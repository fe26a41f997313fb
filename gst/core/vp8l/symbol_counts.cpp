// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/symbol_counts.h"

namespace anim::vp8l {

double sum_of(const CodeCosts& costs) {
  double bits = 0;
  for (const CodeCost& cost : costs) bits += cost.bits();
  return bits;
}

SymbolCounts::SymbolCounts(int cache_bits)
    : cached_(cache_bits > 0 ? std::size_t{1} << cache_bits : 0),
      counts_(3 * kChannelSymbols + kDistanceSymbols + kFirstCached + cached_) {}

/// The alphabets of one size come first, so that where they begin is the same with any cache.
std::size_t SymbolCounts::first_of(Alphabet alphabet) {
  switch (alphabet) {
    case Alphabet::Red:
      return 0;
    case Alphabet::Blue:
      return kChannelSymbols;
    case Alphabet::Alpha:
      return 2 * kChannelSymbols;
    case Alphabet::Distance:
      return 3 * kChannelSymbols;
    case Alphabet::Green:
      break;
  }
  return 3 * kChannelSymbols + kDistanceSymbols;
}

std::span<const std::uint32_t> SymbolCounts::of(Alphabet alphabet) const {
  const std::span<const std::uint32_t> from = std::span(counts_).subspan(first_of(alphabet));
  switch (alphabet) {
    case Alphabet::Green:
      return from;
    case Alphabet::Distance:
      return from.first(kDistanceSymbols);
    default:
      return from.first(kChannelSymbols);
  }
}

void SymbolCounts::count_prefixed(Alphabet alphabet, std::size_t first, std::uint32_t value) {
  const Prefixed coded = prefixed(value);
  add(alphabet, first + coded.symbol, 1);
  extra_bits_ += static_cast<std::uint64_t>(coded.extra_bits);
}

void SymbolCounts::add(const Token& token) {
  switch (token.kind) {
    case Token::Kind::Pixel:
      add(Alphabet::Alpha, token.value >> 24, 1);
      add(Alphabet::Red, token.value >> 16 & 0xFF, 1);
      add(Alphabet::Green, token.value >> 8 & 0xFF, 1);
      add(Alphabet::Blue, token.value & 0xFF, 1);
      break;
    case Token::Kind::Cached:
      add(Alphabet::Green, kFirstCached + token.value, 1);
      break;
    case Token::Kind::Copy:
      count_prefixed(Alphabet::Green, kFirstLength, token.length);
      count_prefixed(Alphabet::Distance, 0, token.value);
      break;
  }
}

void SymbolCounts::add(const SymbolCounts& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  extra_bits_ += other.extra_bits_;
}

CodeCosts SymbolCounts::costs() const {
  CodeCosts costs;
  for (const Alphabet alphabet : kAlphabets) {
    for (const std::uint32_t count : of(alphabet)) costs[index_of(alphabet)].add(count);
  }
  return costs;
}

SymbolCounts counts_of(std::span<const Token> tokens, int cache_bits) {
  SymbolCounts counts(cache_bits);
  for (const Token& token : tokens) counts.add(token);
  return counts;
}

}  // namespace anim::vp8l
