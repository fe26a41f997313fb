// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/prefix_code.h"

#include <algorithm>
#include <array>

namespace anim::vp8l {
namespace {

/// What Huffman's algorithm joins: a symbol, or two of these.
struct Node {
  std::uint64_t count = 0;
  std::size_t parent = 0;
};

/// Huffman's algorithm over `symbols` in ascending order of their counts: lengths of code words by
/// symbol. Joined nodes come up in ascending order, too, so that two queues are enough (van Leeuwen
/// 1976, "On the construction of Huffman trees").
std::vector<std::uint8_t> huffman_lengths(std::span<const std::size_t> symbols,
                                          std::span<const std::uint32_t> counts) {
  std::vector<std::uint8_t> lengths(counts.size());
  const std::size_t leaves = symbols.size();
  std::vector<Node> nodes;
  nodes.reserve(2 * leaves);
  for (const std::size_t symbol : symbols) nodes.push_back({counts[symbol]});
  std::size_t leaf = 0;
  std::size_t joined = leaves;
  const auto take_rarest = [&] {
    const bool is_leaf =
        leaf < leaves && (joined == nodes.size() || nodes[leaf].count <= nodes[joined].count);
    const std::size_t rarest = is_leaf ? leaf++ : joined++;
    nodes[rarest].parent = nodes.size();
    return nodes[rarest].count;
  };
  while (leaves - leaf + nodes.size() - joined > 1) {
    const std::uint64_t first = take_rarest();
    const std::uint64_t second = take_rarest();
    nodes.push_back({first + second});
  }
  std::vector<std::uint8_t> depths(nodes.size());
  for (std::size_t i = nodes.size(); i-- > 0;) {
    if (i + 1 < nodes.size()) depths[i] = depths[nodes[i].parent] + 1;
    if (i < leaves) lengths[symbols[i]] = depths[i];
  }
  return lengths;
}

/// Lengths of at most `longest` bits: rare symbols count as more frequent until the tree is flat
/// enough.
std::vector<std::uint8_t> limited_lengths(std::span<const std::size_t> used,
                                          std::span<const std::uint32_t> counts, int longest) {
  std::vector<std::size_t> symbols(used.begin(), used.end());
  std::stable_sort(symbols.begin(), symbols.end(),
                   [&](std::size_t a, std::size_t b) { return counts[a] < counts[b]; });
  std::vector<std::uint32_t> raised(counts.begin(), counts.end());
  for (std::uint32_t least = 1;; least *= 2) {
    for (const std::size_t symbol : symbols) raised[symbol] = std::max(raised[symbol], least);
    auto lengths = huffman_lengths(symbols, raised);
    if (*std::max_element(lengths.begin(), lengths.end()) <= longest) return lengths;
  }
}

std::uint16_t reversed(std::uint32_t word, int bits) {
  std::uint32_t out = 0;
  for (int i = 0; i < bits; ++i) out |= ((word >> i) & 1U) << (bits - 1 - i);
  return static_cast<std::uint16_t>(out);
}

/// How lengths are said: as they are, or as runs of zeros or of the length before.
struct LengthToken {
  std::uint8_t symbol;
  std::uint32_t extra = 0;
  int extra_bits = 0;
};

constexpr std::size_t kLengthSymbols = 19;
constexpr int kLongestLengthWord = 7;
constexpr std::size_t kShortestRun = 3;

std::size_t run_at(std::span<const std::uint8_t> lengths, std::size_t at) {
  std::size_t run = 1;
  while (at + run < lengths.size() && lengths[at + run] == lengths[at]) ++run;
  return run;
}

/// `run` zeros, as many as one token can say.
LengthToken zeros_of(std::size_t& run) {
  constexpr std::size_t kLongRun = 11;
  constexpr std::size_t kMost = 138;
  if (run < kShortestRun) {
    run = 1;
    return {0};
  }
  run = std::min(run, kMost);
  const auto value = static_cast<std::uint32_t>(run);
  if (run < kLongRun) return {17, value - static_cast<std::uint32_t>(kShortestRun), 3};
  return {18, value - static_cast<std::uint32_t>(kLongRun), 7};
}

std::vector<LengthToken> tokens_of(std::span<const std::uint8_t> lengths) {
  constexpr std::size_t kMostRepeats = 6;
  std::vector<LengthToken> tokens;
  std::uint8_t before = 8;  // what a reader begins with
  for (std::size_t i = 0; i < lengths.size();) {
    std::size_t run = run_at(lengths, i);
    if (lengths[i] == 0) {
      tokens.push_back(zeros_of(run));
    } else if (lengths[i] == before && run >= kShortestRun) {
      run = std::min(run, kMostRepeats);
      tokens.push_back({16, static_cast<std::uint32_t>(run - kShortestRun), 2});
    } else {
      run = 1;
      before = lengths[i];
      tokens.push_back({before});
    }
    i += run;
  }
  return tokens;
}

}  // namespace

PrefixCode::PrefixCode(std::span<const std::uint32_t> counts, int longest)
    : lengths_(counts.size()), words_(counts.size()) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) used_.push_back(i);
  }
  if (used_.empty()) used_.push_back(0);
  if (used_.size() == 1) {
    lengths_[used_.front()] = 1;
  } else {
    lengths_ = limited_lengths(used_, counts, longest);
    make_words();
  }
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

/// One or two symbols by themselves (6.2.1, "Simple Code Length Code").
void PrefixCode::put_few(LowBitWriter& out) const {
  out.put(static_cast<std::uint32_t>(used_.size() - 1), 1);
  const bool is_small = used_.front() < 2;
  out.put(is_small ? 0 : 1, 1);
  out.put(static_cast<std::uint32_t>(used_.front()), is_small ? 1 : 8);
  if (used_.size() == 2) out.put(static_cast<std::uint32_t>(used_.back()), 8);
}

/// 6.2.1, "Normal Code Length Code".
void PrefixCode::put_lengths(LowBitWriter& out) const {
  constexpr std::array<std::uint8_t, kLengthSymbols> kOrder = {17, 18, 0, 1,  2,  3,  4,  5,  16, 6,
                                                               7,  8,  9, 10, 11, 12, 13, 14, 15};
  const auto tokens = tokens_of(lengths_);
  std::array<std::uint32_t, kLengthSymbols> counts{};
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

}  // namespace anim::vp8l
