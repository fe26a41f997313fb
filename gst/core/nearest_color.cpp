// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/nearest_color.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>

namespace anim {
namespace {

constexpr int kBlockBits = 4;  // a side of 16 levels
constexpr int kCellBits = 2;   // a side of 4 levels
constexpr int kCellsAlong = 1 << (kBlockBits - kCellBits);
constexpr std::size_t kCells = kCellsAlong * kCellsAlong * kCellsAlong;  // of a block
constexpr std::uint32_t kUnknown = std::numeric_limits<std::uint32_t>::max();
constexpr std::array<int, 3> kWeights = {kRedWeight, kGreenWeight, kBlueWeight};

using Point = std::array<int, 3>;

Point point_of(Rgb color) {
  return {color.r, color.g, color.b};
}

/// How many cubes with sides of 1 << bits levels colour space has.
std::size_t cubes_of(int bits) {
  return std::size_t{1} << (3U * (8U - static_cast<unsigned>(bits)));
}

/// The one that holds `color`.
std::size_t cube_of(Rgb color, int bits) {
  const int side = 8 - bits;
  return static_cast<std::size_t>(((color.r >> bits) << (2 * side)) | ((color.g >> bits) << side) |
                                  (color.b >> bits));
}

struct Distances {
  int nearest = 0;
  int farthest = 0;
};
/// From a colour to the points of a cube.
Distances distances(const Point& low, int reach, const Point& at) {
  Distances out;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int from_low = at[axis] - low[axis];
    const int from_high = low[axis] + reach - at[axis];
    const int outside = std::max({-from_low, -from_high, 0});
    const int across = std::max(from_low, from_high);
    out.nearest += kWeights[axis] * outside * outside;
    out.farthest += kWeights[axis] * across * across;
  }
  return out;
}

}  // namespace

NearestColor::NearestColor(std::span<const Rgb> colors)
    : colors_(colors.begin(), colors.end()),
      blocks_(cubes_of(kBlockBits)),
      first_cells_(blocks_.size(), kUnknown) {
  assert(!colors.empty() && colors.size() <= 256);
  for (const Rgb color : colors) {
    put(color, static_cast<std::uint8_t>(all_.indices.size()), all_);
  }
}

const NearestColor::Cell& NearestColor::cell_of(Rgb color) {
  const std::size_t block = cube_of(color, kBlockBits);
  if (first_cells_[block] == kUnknown) fill_block(block, color);
  const auto inside = [](int level) { return level >> kCellBits & (kCellsAlong - 1); };
  const int place =
      (inside(color.r) * kCellsAlong + inside(color.g)) * kCellsAlong + inside(color.b);
  Cell& cell = cells_[first_cells_[block] + static_cast<std::uint32_t>(place)];
  if (cell.count == 0) fill(cell, blocks_[block], color);
  return cell;
}

std::uint8_t NearestColor::operator()(Rgb color) {
  const Cell& cell = cell_of(color);
  std::uint8_t best = 0;
  int best_distance = std::numeric_limits<int>::max();
  const Candidate* end = candidates_.data() + cell.begin + cell.count;
  for (const Candidate* i = candidates_.data() + cell.begin; i != end; ++i) {
    if (i->outside > best_distance) break;
    const int distance = color_distance(i->color, color);
    if (distance > best_distance || (distance == best_distance && i->index > best)) continue;
    best_distance = distance;
    best = i->index;
  }
  return best;
}

NearestColor::Cube NearestColor::cube_at(Rgb color, int bits) {
  const auto low = [bits](int level) { return level >> bits << bits; };
  return {{low(color.r), low(color.g), low(color.b)}, (1 << bits) - 1};
}

void NearestColor::put(Rgb color, std::uint8_t index, Block& into) {
  const Point at = point_of(color);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    into.levels[axis].push_back(static_cast<float>(at[axis]));
  }
  into.indices.push_back(index);
}

void NearestColor::fill_block(std::size_t number, Rgb color) {
  collect(cube_at(color, kBlockBits), all_);
  Block& block = blocks_[number];
  for (auto& levels : block.levels) levels.reserve(near_.size());
  for (const Candidate& near : near_) put(near.color, near.index, block);
  first_cells_[number] = static_cast<std::uint32_t>(cells_.size());
  cells_.resize(cells_.size() + kCells);
}

void NearestColor::fill(Cell& cell, const Block& block, Rgb color) {
  collect(cube_at(color, kCellBits), block);
  cell.begin = static_cast<std::uint32_t>(candidates_.size());
  cell.count = static_cast<std::uint32_t>(near_.size());
  candidates_.insert(candidates_.end(), near_.begin(), near_.end());
}

/// Fills near_ with the colours that are not farther from the middle of `cube` than the nearest one
/// by more than its diagonal: all others are nearest to no point of it.
void NearestColor::find_near(const Cube& cube, const Block& from) {
  const auto middle = [&](std::size_t axis) {
    return static_cast<float>(cube.low[axis]) + 0.5F * static_cast<float>(cube.reach);
  };
  const float red = middle(0);
  const float green = middle(1);
  const float blue = middle(2);
  const float* reds = from.levels[0].data();
  const float* greens = from.levels[1].data();
  const float* blues = from.levels[2].data();
  const std::size_t count = from.indices.size();
  float* apart = apart_.data();
  for (std::size_t i = 0; i < count; ++i) {
    apart[i] = kRedWeight * (reds[i] - red) * (reds[i] - red) +
               kGreenWeight * (greens[i] - green) * (greens[i] - green) +
               kBlueWeight * (blues[i] - blue) * (blues[i] - blue);
  }
  const float least = *std::min_element(apart, apart + count);
  const double farthest = std::sqrt(least) + std::sqrt(kLevelDistance) * cube.reach + 0.01;
  const auto limit = static_cast<float>(farthest * farthest);
  near_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    if (apart[i] > limit) continue;
    const std::uint8_t index = from.indices[i];
    near_.push_back({colors_[index], index, 0});
  }
}

/// Fills near_ with the colours that can be nearest to a point of `cube`: those whose distance from
/// the cube's nearest point is not above the least that any colour has from the cube's farthest
/// point. The nearest to the cube come first.
void NearestColor::collect(const Cube& cube, const Block& from) {
  find_near(cube, from);
  int bound = std::numeric_limits<int>::max();
  for (Candidate& candidate : near_) {
    const auto [nearest, farthest] = distances(cube.low, cube.reach, point_of(candidate.color));
    candidate.outside = nearest;
    bound = std::min(bound, farthest);
  }
  std::erase_if(near_, [bound](const Candidate& one) { return one.outside > bound; });
  std::sort(near_.begin(), near_.end(),
            [](const Candidate& a, const Candidate& b) { return a.outside < b.outside; });
}

}  // namespace anim
