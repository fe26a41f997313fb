// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/lossy_match.h"

#include <algorithm>
#include <cassert>

namespace anim {
namespace {

constexpr float kBusy = 36;            // neighbours' difference that allows as much error again
constexpr double kLargestError = 100;  // levels; more says nothing
constexpr int kMostTries = 64;         // children of a string that are looked at

}  // namespace

std::vector<int> allowed_losses(const Busyness& busy, std::span<const std::uint8_t> dwells,
                                double largest_error) {
  assert(busy.size() == dwells.size());
  const double error = std::min(largest_error, kLargestError) * kShadeLevel;
  const auto plain = static_cast<float>(error * error);
  std::vector<int> allowed(busy.size());
  for (std::size_t i = 0; i < busy.size(); ++i) {
    const float most = plain + plain / kBusy * static_cast<float>(busy[i]);
    allowed[i] = static_cast<int>(most / static_cast<float>(dwells[i]));
  }
  return allowed;
}

LossyMatcher::LossyMatcher(std::span<std::uint8_t> indices, const LossyMatching& matching)
    : indices_(indices),
      pixels_(matching.pixels),
      shown_(matching.shown),
      allowed_(matching.allowed) {
  assert(indices.size() == pixels_.size() && indices.size() == shown_.size());
  assert(indices.size() == allowed_.size());
  for (const Rgb color : matching.colors) shades_.push_back(shade_of(color));
}

LossyMatcher::Match LossyMatcher::take_longest(const LzwTable& table, std::size_t at) {
  String string{.code = indices_[at], .carried = {}};
  std::size_t end = at + 1;
  for (; end < indices_.size(); ++end) {
    const auto longer = extended(table, string, end);
    if (!longer) break;
    string = *longer;
  }
  const Match match{string.code, end - at};
  show(table, match, at);
  return match;
}

/// Of what a pixel shows with an index that it may have.
Shade LossyMatcher::shade_at(std::uint8_t index, std::size_t at) const {
  return index < shades_.size() ? shades_[index] : shade_of(rgb_of(shown_[at]));
}

bool LossyMatcher::may_show(std::uint8_t index, std::size_t at) const {
  return index < shades_.size() || alpha_of(shown_[at]) != 0;
}

/// From the last pixel of the string to its second; the first one shows its own index.
void LossyMatcher::show(const LzwTable& table, const Match& match, std::size_t at) {
  LzwCode code = match.code;
  for (std::size_t i = at + match.length - 1; i > at; --i, code = table.prefix(code)) {
    indices_[i] = table.last_index(code);
  }
}

/// The child of a string that shows the pixel: with its own index, or as well as one may that shows
/// another colour.
std::optional<LossyMatcher::String> LossyMatcher::extended(const LzwTable& table,
                                                           const String& from,
                                                           std::size_t at) const {
  if (table.first_child(from.code) == LzwTable::kNone) return std::nullopt;
  const std::uint8_t own = indices_[at];
  const LzwCode same = table.find(from.code, own);
  if (alpha_of(pixels_[at]) == 0) {
    return same == LzwTable::kNone ? std::nullopt : std::optional<String>({same, {}});
  }
  const Shade source = shade_of(rgb_of(pixels_[at]));
  const Shade wanted = {source.luma + from.carried.luma, source.blue + from.carried.blue,
                        source.red + from.carried.red};
  const LzwCode child =
      same != LzwTable::kNone ? same : nearest_child(table, from.code, source, wanted, at);
  if (child == LzwTable::kNone) return std::nullopt;
  const Shade shown = shade_at(table.last_index(child), at);
  return String{child,
                {(wanted.luma - shown.luma) / 2, (wanted.blue - shown.blue) / 2,
                 (wanted.red - shown.red) / 2}};
}

/// That is not farther than `allowed` from either shade; kNone where there is none.
LzwCode LossyMatcher::nearest_child(const LzwTable& table, LzwCode from, const Shade& source,
                                    const Shade& wanted, std::size_t at) const {
  const int allowed = allowed_[at];
  LzwCode best = LzwTable::kNone;
  int least = allowed + 1;
  int tries = kMostTries;
  for (LzwCode child = table.first_child(from); child != LzwTable::kNone && tries > 0;
       child = table.next_child(child), --tries) {
    const std::uint8_t index = table.last_index(child);
    if (!may_show(index, at)) continue;
    const Shade shade = shade_at(index, at);
    const int error = distance(shade, wanted);
    if (error >= least || distance(shade, source) > allowed) continue;
    least = error;
    best = child;
  }
  return best;
}

}  // namespace anim
