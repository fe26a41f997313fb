// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/prefix_code.h"

#include <algorithm>
#include <array>
#include <utility>

namespace anim {
namespace {

/// A tree of symbols that is being made: how often they come up together, and which they are.
struct Tree {
  std::size_t count;
  std::vector<std::size_t> symbols;
};

/// Huffman's algorithm: lengths of code words by symbol.
std::vector<std::uint8_t> huffman_lengths(std::span<const std::size_t> counts) {
  std::vector<std::uint8_t> lengths(counts.size());
  std::vector<Tree> trees;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) trees.push_back({counts[i], {i}});
  }
  const auto is_rarer = [](const Tree& a, const Tree& b) { return a.count < b.count; };
  const auto take_rarest = [&] {
    const auto rarest = std::min_element(trees.begin(), trees.end(), is_rarer);
    Tree taken = std::move(*rarest);
    trees.erase(rarest);
    return taken;
  };
  while (trees.size() > 1) {
    Tree joined = take_rarest();
    const Tree other = take_rarest();
    joined.count += other.count;
    joined.symbols.insert(joined.symbols.end(), other.symbols.begin(), other.symbols.end());
    for (const std::size_t symbol : joined.symbols) ++lengths[symbol];
    trees.push_back(std::move(joined));
  }
  return lengths;
}

/// Lengths of at most `longest` bits: rare symbols count as more frequent until the tree is flat
/// enough.
std::vector<std::uint8_t> limited_lengths(std::span<const std::size_t> counts, int longest) {
  std::vector<std::size_t> raised(counts.begin(), counts.end());
  for (std::size_t least = 1;; least *= 2) {
    for (std::size_t& count : raised) {
      if (count > 0) count = std::max(count, least);
    }
    auto lengths = huffman_lengths(raised);
    if (*std::max_element(lengths.begin(), lengths.end()) <= longest) return lengths;
  }
}

std::uint16_t reversed(std::uint32_t word, int bits) {
  std::uint32_t out = 0;
  for (int i = 0; i < bits; ++i) out |= ((word >> i) & 1U) << (bits - 1 - i);
  return static_cast<std::uint16_t>(out);
}

/// How lengths are said: as they are, or as runs of zeros.
struct LengthToken {
  std::uint8_t symbol;
  std::uint32_t extra = 0;
  int extra_bits = 0;
};

constexpr std::size_t kLengthSymbols = 19;
constexpr int kLongestLengthWord = 7;

std::vector<LengthToken> tokens_of(std::span<const std::uint8_t> lengths) {
  std::vector<LengthToken> tokens;
  for (std::size_t i = 0; i < lengths.size();) {
    std::size_t zeros = 0;
    while (i + zeros < lengths.size() && lengths[i + zeros] == 0 && zeros < 138) ++zeros;
    if (zeros >= 11) {
      tokens.push_back({18, static_cast<std::uint32_t>(zeros - 11), 7});
    } else if (zeros >= 3) {
      tokens.push_back({17, static_cast<std::uint32_t>(zeros - 3), 3});
    } else {
      tokens.push_back({lengths[i]});
    }
    i += zeros >= 3 ? zeros : 1;
  }
  return tokens;
}

}  // namespace

void LowBitWriter::put(std::uint32_t value, int count) {
  pending_ |= value << pending_bits_;
  pending_bits_ += count;
  for (; pending_bits_ >= 8; pending_bits_ -= 8) {
    bytes_.push_back(static_cast<std::uint8_t>(pending_));
    pending_ >>= 8;
  }
}

Bytes LowBitWriter::take() {
  if (pending_bits_ > 0) bytes_.push_back(static_cast<std::uint8_t>(pending_));
  pending_ = 0;
  pending_bits_ = 0;
  return std::exchange(bytes_, {});
}

PrefixCode::PrefixCode(std::span<const std::size_t> counts, int longest)
    : lengths_(limited_lengths(counts, longest)), words_(counts.size()) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) used_.push_back(i);
  }
  if (used_.empty()) used_.push_back(0);
  if (used_.size() == 1) lengths_[used_.front()] = 1;
  make_words();
}

/// Shorter words first, among those of a length smaller symbols first.
void PrefixCode::make_words() {
  std::uint32_t word = 0;
  for (int length = 1; length <= 15; ++length, word <<= 1) {
    for (const std::size_t symbol : used_) {
      if (lengths_[symbol] == length) words_[symbol] = reversed(word++, length);
    }
  }
}

void PrefixCode::put_code(LowBitWriter& out) const {
  const bool are_few = used_.size() <= 2 && used_.back() < 256;
  out.put(are_few ? 1 : 0, 1);
  return are_few ? put_few(out) : put_lengths(out);
}

/// One or two symbols by themselves (5.2.1, "Simple Code Length Code").
void PrefixCode::put_few(LowBitWriter& out) const {
  out.put(static_cast<std::uint32_t>(used_.size() - 1), 1);
  const bool is_small = used_.front() < 2;
  out.put(is_small ? 0 : 1, 1);
  out.put(static_cast<std::uint32_t>(used_.front()), is_small ? 1 : 8);
  if (used_.size() == 2) out.put(static_cast<std::uint32_t>(used_.back()), 8);
}

/// 5.2.2, "Normal Code Length Code".
void PrefixCode::put_lengths(LowBitWriter& out) const {
  constexpr std::array<std::uint8_t, kLengthSymbols> kOrder = {17, 18, 0, 1,  2,  3,  4,  5,  16, 6,
                                                               7,  8,  9, 10, 11, 12, 13, 14, 15};
  const auto tokens = tokens_of(lengths_);
  std::array<std::size_t, kLengthSymbols> counts{};
  for (const LengthToken& token : tokens) ++counts.at(token.symbol);
  const PrefixCode code(counts, kLongestLengthWord);
  std::size_t said = kLengthSymbols;
  while (said > 4 && counts.at(kOrder.at(said - 1)) == 0) --said;
  out.put(static_cast<std::uint32_t>(said - 4), 4);
  for (std::size_t i = 0; i < said; ++i) {
    const std::size_t symbol = kOrder.at(i);
    out.put(counts.at(symbol) > 0 ? code.lengths_[symbol] : 0, 3);
  }
  out.put(0, 1);  // lengths of all symbols follow
  for (const LengthToken& token : tokens) {
    code.put(out, token.symbol);
    out.put(token.extra, token.extra_bits);
  }
}

}  // namespace anim
