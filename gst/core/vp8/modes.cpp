// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/modes.h"

#include <vector>

#include "gst/core/vp8/entropy.h"

namespace anim::vp8 {
namespace {

/// A step down a tree of fixed probabilities.
struct Step {
  int probability;
  bool bit;
};
using Path = std::vector<Step>;

constexpr int kWholeLuma = 145;  // the probability that luma is divided

const Path& luma_path(BlockMode mode) {
  static const std::array<Path, kBlockModes> paths = {
      Path{{kWholeLuma, true}, {156, false}, {163, false}},  // the mean
      Path{{kWholeLuma, true}, {156, true}, {128, true}},    // true motion
      Path{{kWholeLuma, true}, {156, false}, {163, true}},   // vertical
      Path{{kWholeLuma, true}, {156, true}, {128, false}},   // horizontal
  };
  return paths[static_cast<std::size_t>(mode)];
}

const Path& chroma_path(BlockMode mode) {
  static const std::array<Path, kBlockModes> paths = {
      Path{{142, false}},
      Path{{142, true}, {114, true}, {183, true}},
      Path{{142, true}, {114, false}},
      Path{{142, true}, {114, true}, {183, false}},
  };
  return paths[static_cast<std::size_t>(mode)];
}

/// A step down the tree of subblock modes, whose probabilities depend on the neighbours.
struct SubblockStep {
  int node;
  bool bit;
};
using SubblockPath = std::vector<SubblockStep>;

/// The way from the root to entry `leaf` of the tree.
SubblockPath path_to(int leaf) {
  SubblockPath path;
  for (int entry = leaf;;) {
    const int node = entry / 2;
    path.insert(path.begin(), {node, entry % 2 != 0});
    if (node == 0) return path;
    entry = 0;
    while (kSubblockModeTree.at(entry) != node) ++entry;
  }
}

const SubblockPath& subblock_path(SubblockMode mode) {
  static const std::array<SubblockPath, kSubblockModes> paths = [] {
    std::array<SubblockPath, kSubblockModes> made;
    for (int entry = 0; entry < static_cast<int>(kSubblockModeTree.size()); ++entry) {
      const int next = kSubblockModeTree.at(entry);
      if (next <= 0) made.at(-next) = path_to(entry);
    }
    return made;
  }();
  return paths[static_cast<std::size_t>(mode)];
}

const auto& probabilities_beside(SubblockMode above, SubblockMode left) {
  return kSubblockModeProbabilities[static_cast<std::size_t>(above)]
                                   [static_cast<std::size_t>(left)];
}

int cost_of(const Path& path) {
  int cost = 0;
  for (const Step& step : path) cost += bit_cost(step.bit, step.probability);
  return cost;
}

void put(BoolEncoder& out, const Path& path) {
  for (const Step& step : path) out.put(step.bit, step.probability);
}

using BlockModeCosts = std::array<int, kBlockModes>;

BlockModeCosts costs_of(const Path& (*path_of)(BlockMode)) {
  BlockModeCosts costs{};
  for (int mode = 0; mode < kBlockModes; ++mode) {
    costs.at(mode) = cost_of(path_of(static_cast<BlockMode>(mode)));
  }
  return costs;
}

using SubblockModeCosts = std::array<std::uint16_t, kSubblockModes>;
using AllSubblockModeCosts =
    std::array<std::array<SubblockModeCosts, kSubblockModes>, kSubblockModes>;

AllSubblockModeCosts make_subblock_mode_costs() {
  AllSubblockModeCosts made{};
  for (std::size_t above = 0; above < kSubblockModes; ++above) {
    for (std::size_t left = 0; left < kSubblockModes; ++left) {
      for (std::size_t mode = 0; mode < kSubblockModes; ++mode) {
        int cost = 0;
        for (const auto [node, bit] : subblock_path(static_cast<SubblockMode>(mode))) {
          cost += bit_cost(bit, kSubblockModeProbabilities[above][left].at(node));
        }
        made[above][left][mode] = static_cast<std::uint16_t>(cost);
      }
    }
  }
  return made;
}

}  // namespace

int luma_mode_cost(BlockMode mode) {
  static const BlockModeCosts costs = costs_of(luma_path);
  return costs[static_cast<std::size_t>(mode)];
}

int chroma_mode_cost(BlockMode mode) {
  static const BlockModeCosts costs = costs_of(chroma_path);
  return costs[static_cast<std::size_t>(mode)];
}

int divided_luma_cost() {
  return bit_cost(false, kWholeLuma);
}

const std::array<std::uint16_t, kSubblockModes>& subblock_mode_costs(SubblockMode above,
                                                                     SubblockMode left) {
  static const AllSubblockModeCosts costs = make_subblock_mode_costs();
  return costs[static_cast<std::size_t>(above)][static_cast<std::size_t>(left)];
}

void put_luma_mode(BoolEncoder& out, BlockMode mode) {
  put(out, luma_path(mode));
}

void put_chroma_mode(BoolEncoder& out, BlockMode mode) {
  put(out, chroma_path(mode));
}

void put_divided_luma(BoolEncoder& out) {
  out.put(false, kWholeLuma);
}

void put_subblock_mode(BoolEncoder& out, SubblockMode above, SubblockMode left, SubblockMode mode) {
  const auto& probabilities = probabilities_beside(above, left);
  for (const auto [node, bit] : subblock_path(mode)) out.put(bit, probabilities.at(node));
}

}  // namespace anim::vp8
