// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/symbol_counts.h"

#include <cmath>

namespace anim::vp8l {
namespace {

/// n·log2(n), which entropies are sums of.
double weighted_log(std::uint32_t n) {
  constexpr std::size_t kKept = 4096;
  static const auto table = [] {
    std::array<float, kKept> logs{};
    for (std::size_t i = 1; i < kKept; ++i) {
      const auto value = static_cast<double>(i);
      logs.at(i) = static_cast<float>(value * std::log2(value));
    }
    return logs;
  }();
  if (n < kKept) return table[n];
  return n * std::log2(static_cast<double>(n));
}

/// What a code takes by symbol that it has: its length, and that others have none.
constexpr double kBitsOfSymbol = 5.5;
constexpr double kBitsOfCode = 20;

/// Sums up an alphabet.
class Entropy {
 public:
  void add(std::uint32_t count) {
    if (count == 0) return;
    ++symbols_;
    total_ += count;
    sum_ += weighted_log(count);
  }
  [[nodiscard]] double bits() const {
    if (symbols_ < 2) return kBitsOfSymbol;
    return weighted_log(total_) - sum_ + kBitsOfCode + kBitsOfSymbol * symbols_;
  }

 private:
  std::uint32_t symbols_ = 0;
  std::uint32_t total_ = 0;
  double sum_ = 0;
};

}  // namespace

SymbolCounts::SymbolCounts(int cache_bits)
    : cached_(cache_bits > 0 ? std::size_t{1} << cache_bits : 0),
      counts_(3 * kChannelSymbols + kDistanceSymbols + kFirstCached + cached_) {}

/// The alphabets of one size come first, so that where they begin is the same with any cache.
std::size_t SymbolCounts::first_of(Alphabet alphabet) const {
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
  count(alphabet, first + coded.symbol);
  extra_bits_ += static_cast<std::uint64_t>(coded.extra_bits);
}

void SymbolCounts::add(const Token& token) {
  switch (token.kind) {
    case Token::Kind::Pixel:
      count(Alphabet::Alpha, token.value >> 24);
      count(Alphabet::Red, token.value >> 16 & 0xFF);
      count(Alphabet::Green, token.value >> 8 & 0xFF);
      count(Alphabet::Blue, token.value & 0xFF);
      break;
    case Token::Kind::Cached:
      count(Alphabet::Green, kFirstCached + token.value);
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

double SymbolCounts::bits() const {
  auto bits = static_cast<double>(extra_bits_);
  for (const Alphabet alphabet : kAlphabets) {
    Entropy entropy;
    for (const std::uint32_t count : of(alphabet)) entropy.add(count);
    bits += entropy.bits();
  }
  return bits;
}

double SymbolCounts::bits_with(const SymbolCounts& other) const {
  auto bits = static_cast<double>(extra_bits_ + other.extra_bits_);
  for (const Alphabet alphabet : kAlphabets) {
    const auto mine = of(alphabet);
    const auto theirs = other.of(alphabet);
    Entropy entropy;
    for (std::size_t i = 0; i < mine.size(); ++i) entropy.add(mine[i] + theirs[i]);
    bits += entropy.bits();
  }
  return bits;
}

SymbolCounts counts_of(std::span<const Token> tokens, int cache_bits) {
  SymbolCounts counts(cache_bits);
  for (const Token& token : tokens) counts.add(token);
  return counts;
}

}  // namespace anim::vp8l
