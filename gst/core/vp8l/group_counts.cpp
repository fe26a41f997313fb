// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/group_counts.h"

#include <utility>

namespace anim::vp8l {

PresentSymbols::PresentSymbols(const SymbolCounts& counts) : extra_bits_(counts.extra_bits()) {
  for (const Alphabet alphabet : kAlphabets) {
    const auto all = counts.of(alphabet);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i] > 0) symbols_.push_back({static_cast<std::uint16_t>(i), all[i]});
    }
    begins_[index_of(alphabet) + 1] = symbols_.size();
  }
}

std::span<const PresentSymbols::Symbol> PresentSymbols::of(Alphabet alphabet) const {
  const std::size_t begin = begins_[index_of(alphabet)];
  return std::span(symbols_).subspan(begin, begins_[index_of(alphabet) + 1] - begin);
}

GroupCounts::GroupCounts(SymbolCounts counts)
    : counts_(std::move(counts)), costs_(counts_.costs()) {}

CodeCosts GroupCounts::costs_with(const PresentSymbols& others) const {
  CodeCosts costs = costs_;
  for (const Alphabet alphabet : kAlphabets) {
    const auto mine = counts_.of(alphabet);
    CodeCost& cost = costs[index_of(alphabet)];
    for (const auto [place, count] : others.of(alphabet)) cost.grow(mine[place], count);
  }
  return costs;
}

double GroupCounts::bits() const {
  return static_cast<double>(counts_.extra_bits()) + sum_of(costs_);
}

double GroupCounts::bits_with(const PresentSymbols& others) const {
  return static_cast<double>(counts_.extra_bits() + others.extra_bits()) +
         sum_of(costs_with(others));
}

void GroupCounts::add(const PresentSymbols& others) {
  costs_ = costs_with(others);
  for (const Alphabet alphabet : kAlphabets) {
    for (const auto [place, count] : others.of(alphabet)) counts_.add(alphabet, place, count);
  }
  counts_.add_extra_bits(others.extra_bits());
}

}  // namespace anim::vp8l
