// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/code_groups.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace anim::vp8l {
namespace {

/// The most groups that tiles are sorted into before these are joined.
constexpr std::size_t kMostGroups = 32;

/// Larger pictures have larger tiles: each is counted by itself.
constexpr std::size_t kMostTiles = 2048;

struct Group {
  SymbolCounts counts;
  double bits;
};

Tiles tiles_of(int width, int height, int least_bits) {
  Tiles tiles(width, height, least_bits);
  while (tiles.count() > kMostTiles) tiles = Tiles(width, height, tiles.bits + 1);
  return tiles;
}

std::vector<SymbolCounts> counts_of_tiles(const Tiles& tiles, int width,
                                          std::span<const Token> tokens, int cache_bits) {
  std::vector<SymbolCounts> counts(tiles.count(), SymbolCounts(cache_bits));
  int x = 0;
  int y = 0;
  for (const Token& token : tokens) {
    counts[tiles.at(x, y)].add(token);
    x += token.length;
    for (; x >= width; x -= width) ++y;
  }
  return counts;
}

/// Where `counts` cost least, and what they add there.
std::pair<std::size_t, double> cheapest_group(const std::vector<Group>& groups,
                                              const SymbolCounts& counts) {
  std::pair<std::size_t, double> cheapest = {0, std::numeric_limits<double>::infinity()};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const double added = groups[i].counts.bits_with(counts) - groups[i].bits;
    if (added < cheapest.second) cheapest = {i, added};
  }
  return cheapest;
}

/// Each tile joins the group where it is cheapest, or begins one.
std::vector<Group> sorted_tiles(const std::vector<SymbolCounts>& tiles,
                                std::vector<std::uint16_t>& of_tile) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const double alone = tiles[i].bits();
    const auto [place, added] = cheapest_group(groups, tiles[i]);
    const bool begins = groups.empty() || (added > alone && groups.size() < kMostGroups);
    of_tile[i] = static_cast<std::uint16_t>(begins ? groups.size() : place);
    if (begins) {
      groups.push_back({tiles[i], alone});
    } else {
      groups[place].counts.add(tiles[i]);
      groups[place].bits += added;
    }
  }
  return groups;
}

struct Pair {
  std::size_t kept = 0;
  std::size_t gone = 0;
  double saved = 0;
};

/// The two groups that save most when they become one.
std::optional<Pair> best_pair(const std::vector<Group>& groups) {
  Pair best;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (std::size_t k = i + 1; k < groups.size(); ++k) {
      const double joined = groups[i].counts.bits_with(groups[k].counts);
      const double saved = groups[i].bits + groups[k].bits - joined;
      if (saved > best.saved) best = {i, k, saved};
    }
  }
  return best.saved > 0 ? std::optional(best) : std::nullopt;
}

void join(std::vector<Group>& groups, const Pair& pair, std::vector<std::uint16_t>& of_tile) {
  groups[pair.kept].counts.add(groups[pair.gone].counts);
  groups[pair.kept].bits = groups[pair.kept].counts.bits();
  groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(pair.gone));
  for (std::uint16_t& group : of_tile) {
    if (group == pair.gone) group = static_cast<std::uint16_t>(pair.kept);
    if (group > pair.gone) --group;
  }
}

/// Whether several groups take less than one although it has to be said which tile has which.
bool pay(const std::vector<Group>& groups, const Tiles& tiles) {
  constexpr double kBitsOfMap = 100;
  double apart = kBitsOfMap + static_cast<double>(tiles.count());
  SymbolCounts all = groups.front().counts;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    apart += groups[i].bits;
    if (i > 0) all.add(groups[i].counts);
  }
  return apart < all.bits();
}

void join_all(std::vector<Group>& groups, std::vector<std::uint16_t>& of_tile) {
  for (std::size_t i = 1; i < groups.size(); ++i) groups.front().counts.add(groups[i].counts);
  groups.erase(groups.begin() + 1, groups.end());
  std::fill(of_tile.begin(), of_tile.end(), std::uint16_t{0});
}

}  // namespace

CodeGroups code_groups(int width, int height, int least_tile_bits, std::span<const Token> tokens,
                       int cache_bits) {
  CodeGroups made{.tiles = tiles_of(width, height, least_tile_bits), .of_tile = {}, .groups = {}};
  const auto tiles = counts_of_tiles(made.tiles, width, tokens, cache_bits);
  made.of_tile.resize(tiles.size());
  std::vector<Group> groups = sorted_tiles(tiles, made.of_tile);
  while (const auto pair = best_pair(groups)) join(groups, *pair, made.of_tile);
  if (!pay(groups, made.tiles)) join_all(groups, made.of_tile);
  for (Group& group : groups) made.groups.push_back(std::move(group.counts));
  return made;
}

}  // namespace anim::vp8l
