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
constexpr std::int32_t kNone = -1;

/// Of so many bits.
std::size_t hash_of(std::uint32_t first, std::uint32_t second, int bits) {
  return (first * 0x9E3779B1U + second * 0x85EBCA6BU) >> (32 - bits);
}

/// Bits that keep nearly all pairs of so many pixels apart, without more memory than they take.
int hash_bits(std::size_t pixels) {
  constexpr int kFewest = 8;
  constexpr int kMost = 18;
  return std::clamp(static_cast<int>(std::bit_width(pixels)), kFewest, kMost);
}

/// By pixel: the latest place before where the same pair of pixels begins. Within a run of one
/// colour the pair is the colour and how much of the run is left: long runs would be chains
/// without end, and what follows them is what tells places apart.
std::vector<std::int32_t> chains_of(Words words) {
  const int bits = hash_bits(words.size());
  std::vector<std::int32_t> latest(std::size_t{1} << bits, kNone);
  std::vector<std::int32_t> before(words.size(), kNone);
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
    before[i] = latest[hash];
    latest[hash] = static_cast<std::int32_t>(i);
  }
  return before;
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

/// Finds matches pixel by pixel.
class Search {
 public:
  Search(Words words, int width, int tries)
      : words_(words), before_(chains_of(words)), width_(width), tries_(tries) {}

  [[nodiscard]] Match longest_at(std::size_t at) const {
    const auto most =
        static_cast<std::uint32_t>(std::min<std::size_t>(words_.size() - at, kLongestCopy));
    Match best;
    if (at >= width_) improve(best, at, at - width_, most);
    if (at >= 1) improve(best, at, at - 1, most);
    std::int32_t from = before_[at];
    const std::uint32_t enough = std::min(most, kLongEnough);
    for (int i = 0; i < tries_ && from != kNone && best.length < enough; ++i) {
      if (at - static_cast<std::size_t>(from) > kFarthestCopy) break;
      improve(best, at, static_cast<std::size_t>(from), most);
      from = before_[static_cast<std::size_t>(from)];
    }
    return best;
  }

 private:
  void improve(Match& best, std::size_t at, std::size_t from, std::uint32_t most) const {
    if (best.length >= most || words_[from + best.length] != words_[at + best.length]) return;
    const std::uint32_t length = common_length(words_, from, at, most);
    if (length > best.length) best = {static_cast<std::uint32_t>(at - from), length};
  }

  Words words_;
  std::vector<std::int32_t> before_;
  std::size_t width_;
  int tries_;
};

}  // namespace

std::vector<Match> longest_matches(const Pixels& pixels, int tries) {
  const Words words = pixels.words;
  const Search search(words, pixels.width, tries);
  std::vector<Match> matches(words.size());
  // From the end on: a match most often begins further to the left, which costs no search.
  for (std::size_t at = words.size(); at-- > 1;) {
    Match& match = matches[at];
    if (at + 1 < words.size()) match = matches[at + 1];
    const bool goes_on =
        match.length > 0 && match.distance <= at && words[at] == words[at - match.distance];
    if (goes_on) {
      match.length = std::min(match.length + 1, kLongestCopy);
    } else {
      match = search.longest_at(at);
    }
  }
  return matches;
}

}  // namespace anim::vp8l
