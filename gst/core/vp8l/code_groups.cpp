// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/code_groups.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "gst/core/vp8l/group_counts.h"

namespace anim::vp8l {
namespace {

/// The most groups that tiles are sorted into before these are joined.
constexpr std::size_t kMostGroups = 32;

/// Larger pictures have larger tiles: each is counted by itself.
constexpr std::size_t kMostTiles = 2048;

Tiles tiles_of(int width, int height, int least_bits) {
  Tiles tiles(width, height, least_bits);
  while (tiles.count() > kMostTiles) tiles = Tiles(width, height, tiles.bits + 1);
  return tiles;
}

/// By tile. Tokens come row by row, so that only a row of tiles is counted at once.
std::vector<PresentSymbols> symbols_of_tiles(const Tiles& tiles, int width,
                                             std::span<const Token> tokens, int cache_bits) {
  const std::vector<SymbolCounts> nothing(static_cast<std::size_t>(tiles.columns),
                                          SymbolCounts(cache_bits));
  std::vector<PresentSymbols> symbols;
  symbols.reserve(tiles.count());
  std::vector<SymbolCounts> row = nothing;
  const auto end_row = [&] {
    for (const SymbolCounts& counts : row) symbols.emplace_back(counts);
    row = nothing;
  };
  visit_with_tiles(tokens, tiles, width, [&](const Token& token, std::size_t tile) {
    while (tile >= symbols.size() + row.size()) end_row();
    row[tile - symbols.size()].add(token);
  });
  while (symbols.size() < tiles.count()) end_row();
  return symbols;
}

/// Where `symbols` cost least, and what they add there.
std::pair<std::size_t, double> cheapest_group(const std::vector<GroupCounts>& groups,
                                              const PresentSymbols& symbols) {
  std::pair<std::size_t, double> cheapest = {0, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const double added = groups[i].bits_with(symbols) - groups[i].bits();
    if (added < cheapest.second) cheapest = {i, added};
  }
  return cheapest;
}

/// Each tile joins the group where it is cheapest, or begins one.
std::vector<GroupCounts> sorted_tiles(const std::vector<PresentSymbols>& tiles, int cache_bits,
                                      std::vector<std::uint16_t>& of_tile) {
  std::vector<GroupCounts> groups;
  for (const PresentSymbols& tile : tiles) {
    GroupCounts alone{SymbolCounts(cache_bits)};
    alone.add(tile);
    auto [place, added] = cheapest_group(groups, tile);
    if (groups.empty() || (added > alone.bits() && groups.size() < kMostGroups)) {
      place = groups.size();
      groups.push_back(std::move(alone));
    } else {
      groups[place].add(tile);
    }
    of_tile.push_back(static_cast<std::uint16_t>(place));
  }
  return groups;
}

/// Two groups, and what they save when they become one.
struct Pair {
  std::size_t kept = 0;
  std::size_t gone = 0;
  double saved = 0;
};

/// Joins groups two by two, the two that save most first.
class Joining {
 public:
  explicit Joining(std::vector<GroupCounts>& groups) : groups_(groups), joined_(groups.size()) {
    std::iota(joined_.begin(), joined_.end(), std::size_t{0});
    for (std::size_t i = 1; i < groups_.size(); ++i) weigh(i, i);
  }

  /// Until no two save anything. Returns which group each is part of from now on; those that are
  /// part of others are left as they were.
  [[nodiscard]] std::vector<std::size_t> join_all() && {
    while (!pairs_.empty()) {
      const Pair best = *std::max_element(pairs_.begin(), pairs_.end(),
                                          [](auto& a, auto& b) { return a.saved < b.saved; });
      join(best);
    }
    return std::move(joined_);
  }

 private:
  [[nodiscard]] bool is_gone(std::size_t group) const { return joined_[group] != group; }

  /// Notes what `group` saves with those before `end` that are left.
  void weigh(std::size_t group, std::size_t end) {
    const PresentSymbols symbols(groups_[group].counts());
    const double bits = groups_[group].bits();
    for (std::size_t i = 0; i < end; ++i) {
      if (i == group || is_gone(i)) continue;
      const double saved = bits + groups_[i].bits() - groups_[i].bits_with(symbols);
      if (saved > 0) pairs_.push_back({std::min(i, group), std::max(i, group), saved});
    }
  }

  void join(const Pair& pair) {
    groups_[pair.kept].add(PresentSymbols(groups_[pair.gone].counts()));
    std::replace(joined_.begin(), joined_.end(), pair.gone, pair.kept);
    std::erase_if(pairs_, [&](const Pair& other) {
      return other.kept == pair.kept || other.gone == pair.kept || other.kept == pair.gone ||
             other.gone == pair.gone;
    });
    weigh(pair.kept, groups_.size());
  }

  std::vector<GroupCounts>& groups_;
  std::vector<std::size_t> joined_;
  std::vector<Pair> pairs_;  ///< of those left, that save anything
};

SymbolCounts sum_of(std::span<const SymbolCounts> groups) {
  SymbolCounts all = groups.front();
  for (const SymbolCounts& group : groups.subspan(1)) all.add(group);
  return all;
}

/// Whether several groups take less than one although it has to be said which tile has which.
bool pay(const std::vector<SymbolCounts>& groups, const Tiles& tiles) {
  constexpr double kBitsOfMap = 100;
  double apart = kBitsOfMap + static_cast<double>(tiles.count());
  for (const SymbolCounts& group : groups) apart += group.bits();
  return apart < sum_of(groups).bits();
}

}  // namespace

CodeGroups code_groups(int width, int height, int least_tile_bits, std::span<const Token> tokens,
                       int cache_bits) {
  CodeGroups made{.tiles = tiles_of(width, height, least_tile_bits), .of_tile = {}, .groups = {}};
  const auto tiles = symbols_of_tiles(made.tiles, width, tokens, cache_bits);
  std::vector<GroupCounts> groups = sorted_tiles(tiles, cache_bits, made.of_tile);
  const std::vector<std::size_t> joined = Joining(groups).join_all();
  std::vector<std::uint16_t> places(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (joined[i] == i) {
      places[i] = static_cast<std::uint16_t>(made.groups.size());
      made.groups.push_back(groups[i].counts());
    } else {
      places[i] = places[joined[i]];  // which comes before
    }
  }
  for (std::uint16_t& group : made.of_tile) group = places[group];
  if (!pay(made.groups, made.tiles)) {
    made.groups = {sum_of(made.groups)};
    std::fill(made.of_tile.begin(), made.of_tile.end(), std::uint16_t{0});
  }
  return made;
}

}  // namespace anim::vp8l
