// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/lossy_match.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>

namespace anim {
namespace {

constexpr int kFraction = 16;           // of a level
constexpr int kChroma = 77;             // 256ths: the weight of a difference from luma
constexpr double kBusy = 0.45;          // more error for each level that neighbours differ
constexpr int kMostTries = 64;          // children of a string that are looked at
constexpr double kLargestError = 100;   // levels; more says nothing
constexpr std::size_t kCandidates = 2;  // a third one saves 0.3 % of the bytes

/// 77, 150 and 29 of 256 are BT.601's luma.
int luma_of(Rgb color) {
  return (77 * color.r + 150 * color.g + 29 * color.b) * kFraction / 256;
}

/// The mean difference of luma between each pixel and its four neighbours, in sixteenths of a
/// level. Beyond the edges, and where nothing is drawn, there is no difference.
std::vector<int> busyness(std::span<const Argb> pixels, std::size_t width) {
  std::vector<int> sums(pixels.size());
  const auto compare = [&](std::size_t a, std::size_t b) {
    if (alpha_of(pixels[a]) == 0 || alpha_of(pixels[b]) == 0) return;
    const int difference = std::abs(luma_of(rgb_of(pixels[a])) - luma_of(rgb_of(pixels[b])));
    sums[a] += difference;
    sums[b] += difference;
  };
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    if ((i + 1) % width != 0) compare(i, i + 1);
    if (i + width < pixels.size()) compare(i, i + width);
  }
  for (int& sum : sums) sum /= 4;
  return sums;
}

}  // namespace

class LossyMatcher::Shortlist {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] const Candidate& best() const { return places_.front(); }
  [[nodiscard]] std::span<const Candidate> all() const { return {places_.data(), count_}; }

  /// Of equal ones the earlier stays ahead.
  void offer(const Candidate& candidate) {
    std::size_t place = count_;
    while (place > 0 && candidate.error < places_.at(place - 1).error) --place;
    if (place == kCandidates) return;
    count_ = std::min(count_ + 1, kCandidates);
    for (std::size_t i = count_ - 1; i > place; --i) places_.at(i) = places_.at(i - 1);
    places_.at(place) = candidate;
  }

 private:
  std::array<Candidate, kCandidates> places_;
  std::size_t count_ = 0;
};

LossyMatcher::LossyMatcher(std::span<std::uint8_t> indices, const LossyMatching& matching)
    : indices_(indices), pixels_(matching.pixels) {
  assert(indices.size() == pixels_.size());
  assert(matching.width > 0 && indices.size() % static_cast<std::size_t>(matching.width) == 0);
  shades_.reserve(matching.colors.size());
  for (const Rgb color : matching.colors) shades_.push_back(shade_of(color));
  allow(matching);
}

LossyMatcher::Shade LossyMatcher::shade_of(Rgb color) {
  const int luma = luma_of(color);
  return {luma, (color.b * kFraction - luma) * kChroma / 256,
          (color.r * kFraction - luma) * kChroma / 256};
}

int LossyMatcher::distance(const Shade& a, const Shade& b) {
  const int luma = a.luma - b.luma;
  const int blue = a.blue - b.blue;
  const int red = a.red - b.red;
  return luma * luma + blue * blue + red * red;
}

void LossyMatcher::allow(const LossyMatching& matching) {
  const double levels = std::min(matching.largest_error, kLargestError);
  const double plain = levels * levels * kFraction * kFraction;
  allowed_ = busyness(pixels_, static_cast<std::size_t>(matching.width));
  for (std::size_t i = 0; i < allowed_.size(); ++i) {
    const double most = plain * (1 + kBusy * allowed_[i] / kFraction);
    allowed_[i] = is_hole(i) ? 0 : static_cast<int>(most);
  }
}

LossyMatcher::Match LossyMatcher::take_longest(const LzwTable& table, std::size_t at) {
  Shortlist fitting;
  fitting.offer({.code = indices_[at], .error = 0, .carried = {}});
  std::size_t end = at + 1;
  for (; end < indices_.size(); ++end) {
    Shortlist longer;
    for (const Candidate& from : fitting.all()) extend(table, from, end, longer);
    if (longer.empty()) break;
    fitting = longer;
  }
  const Match match{fitting.best().code, end - at};
  show(table, match, at);
  return match;
}

/// From the last pixel of the string to its second; the first one shows its own index.
void LossyMatcher::show(const LzwTable& table, const Match& match, std::size_t at) {
  LzwCode code = match.code;
  for (std::size_t i = at + match.length - 1; i > at; --i, code = table.prefix(code)) {
    indices_[i] = table.last_index(code);
  }
}

/// Offers the children of a string that may show the pixel: that of its own index first.
void LossyMatcher::extend(const LzwTable& table, const Candidate& from, std::size_t at,
                          Shortlist& out) const {
  const std::uint8_t own = indices_[at];
  const LzwCode same = table.find(from.code, own);
  const int allowed = allowed_[at];
  if (is_hole(at)) {
    if (same != LzwTable::kNone) out.offer({same, from.error, {}});
    return;
  }
  const Shade source = shade_of(rgb_of(pixels_[at]));
  const Shade wanted = {source.luma + from.carried.luma, source.blue + from.carried.blue,
                        source.red + from.carried.red};
  if (same != LzwTable::kNone) out.offer(with(from, same, wanted, own));
  if (allowed == 0) return;
  int tries = kMostTries;
  for (LzwCode child = table.first_child(from.code); child != LzwTable::kNone && tries > 0;
       child = table.next_child(child), --tries) {
    const std::uint8_t index = table.last_index(child);
    if (index == own || index >= shades_.size()) continue;
    if (distance(shades_[index], wanted) > allowed) continue;
    if (distance(shades_[index], source) > allowed) continue;
    out.offer(with(from, child, wanted, index));
  }
}

LossyMatcher::Candidate LossyMatcher::with(const Candidate& from, LzwCode child,
                                           const Shade& wanted, std::uint8_t index) const {
  const Shade& shown = shades_[index];
  return {child,
          from.error + static_cast<std::uint64_t>(distance(shown, wanted)),
          {(wanted.luma - shown.luma) / 2, (wanted.blue - shown.blue) / 2,
           (wanted.red - shown.red) / 2}};
}

}  // namespace anim
