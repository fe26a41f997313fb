// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/matches.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

#include "gst/core/vp8l/token.h"

namespace anim::vp8l {
namespace {

using Words = std::span<const std::uint32_t>;

constexpr std::uint32_t kLongEnough = 256;  // not worth a search for more
constexpr std::uint32_t kNowhere = ~0U;

/// Of so many bits.
std::size_t hash_of(std::uint32_t first, std::uint32_t second, int bits) {
  return (first * 0x9E3779B1U + second * 0x85EBCA6BU) >> (32 - bits);
}

/// Bits that keep most pairs of so many pixels apart, without more memory than they take. A
/// processor's second-level cache holds 2^16 places; 2^18 take longer and save 0.01 %.
int hash_bits(std::size_t pixels) {
  constexpr int kFewest = 8;
  constexpr int kMost = 16;
  return std::clamp(static_cast<int>(std::bit_width(pixels)), kFewest, kMost);
}

/// By pixel, as a match without a length (and at any distance): how far before it the same pair of
/// pixels begins, the latest time. Within a run of one colour the pair is the colour and how much
/// of the run is left: long runs would be chains without end, and what follows them is what tells
/// places apart.
std::vector<Match> chains_of(Words words) {
  const int bits = hash_bits(words.size());
  std::vector<std::uint32_t> latest(std::size_t{1} << bits, kNowhere);
  std::vector<Match> chains(words.size());
  std::size_t run_end = 0;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (i >= run_end) {
      run_end = i + 1;
      while (run_end < words.size() && words[run_end] == words[i]) ++run_end;
    }
    const auto left = static_cast<std::uint32_t>(std::min<std::size_t>(run_end - i, kLongestCopy));
    // Inverted, colours are no lengths.
    const std::uint32_t second = left > 1 ? left : ~words[i + 1];
    const std::size_t hash = hash_of(words[i], second, bits);
    const auto at = static_cast<std::uint32_t>(i);
    if (latest[hash] != kNowhere) chains[i].distance = at - latest[hash];
    latest[hash] = at;
  }
  return chains;
}

/// How many pixels from `at` on are those from `from` on, which is before; at most `most`.
std::uint32_t common_length(Words words, std::size_t from, std::size_t at, std::uint32_t most) {
  constexpr std::uint32_t kAtOnce = 4;
  std::uint32_t length = 0;
  while (length + kAtOnce <= most && std::memcmp(&words[from + length], &words[at + length],
                                                 kAtOnce * sizeof(std::uint32_t)) == 0) {
    length += kAtOnce;
  }
  while (length < most && words[from + length] == words[at + length]) ++length;
  return length;
}

/// Keeps what is longest of the places that it looks at.
class Search {
 public:
  Search(Words words, std::size_t at)
      : words_(words),
        at_(at),
        most_(static_cast<std::uint32_t>(std::min<std::size_t>(words.size() - at, kLongestCopy))) {}

  void look_at(std::size_t from) {
    if (best_.length >= most_ || words_[from + best_.length] != words_[at_ + best_.length]) return;
    const std::uint32_t length = common_length(words_, from, at_, most_);
    if (length > best_.length) best_ = {static_cast<std::uint32_t>(at_ - from), length};
  }
  [[nodiscard]] bool is_long_enough() const { return best_.length >= std::min(most_, kLongEnough); }
  [[nodiscard]] const Match& best() const { return best_; }

 private:
  Words words_;
  std::size_t at_;
  std::uint32_t most_;
  Match best_;
};

/// `chains` is that of the pixels before `at`, and its own.
Match longest_at(Words words, std::size_t at, std::size_t width, std::span<const Match> chains,
                 int tries) {
  Search search(words, at);
  if (at >= width) search.look_at(at - width);
  if (at >= 1) search.look_at(at - 1);
  std::size_t from = at;
  for (int i = 0; i < tries && !search.is_long_enough(); ++i) {
    const std::uint32_t back = chains[from].distance;
    if (back == 0) break;
    from -= back;
    if (at - from > kFarthestCopy) break;
    search.look_at(from);
  }
  return search.best();
}

}  // namespace

std::vector<Match> longest_matches(const Pixels& pixels, int tries) {
  const Words words = pixels.words;
  const auto width = static_cast<std::size_t>(pixels.width);
  // From the end on: a match most often begins further to the left, which costs no search. What
  // has been found takes the place of the chain, which is only needed further to the left.
  std::vector<Match> matches = tries > 0 ? chains_of(words) : std::vector<Match>(words.size());
  for (std::size_t at = words.size(); at-- > 1;) {
    const Match right = at + 1 < words.size() ? matches[at + 1] : Match{};
    const bool goes_on =
        right.length > 0 && right.distance <= at && words[at] == words[at - right.distance];
    if (goes_on) {
      matches[at] = {right.distance, std::min(right.length + 1, kLongestCopy)};
    } else {
      matches[at] = longest_at(words, at, width, matches, tries);
    }
  }
  return matches;
}

}  // namespace anim::vp8l
