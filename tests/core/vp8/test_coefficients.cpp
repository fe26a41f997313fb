// SPDX-License-Identifier: LGPL-2.1-or-later
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/vp8/coefficients.h"

namespace {

using anim::vp8::BlockType;
using anim::vp8::BoolEncoder;
using anim::vp8::kDefaultCoefficientProbabilities;
using anim::vp8::Levels;

Levels random_levels(std::mt19937& random, BlockType type) {
  Levels levels;
  const int count = static_cast<int>(random() % 17);
  for (int i = first_coefficient(type); i < count; ++i) {
    const int range = random() % 20 == 0 ? 2 * anim::vp8::kMaxLevel + 1 : 7;
    levels.at[i] = static_cast<std::int16_t>(static_cast<int>(random() % range) - range / 2);
    if (levels.at[i] != 0) levels.count = i + 1;
  }
  return levels;
}

struct Block {
  BlockType type;
  int context;
  Levels levels;
};

std::vector<Block> random_blocks() {
  std::mt19937 random(1);
  std::vector<Block> blocks;
  for (int i = 0; i < 4000; ++i) {
    const auto type = static_cast<BlockType>(random() % 4);
    const int context = static_cast<int>(random() % 3);
    blocks.push_back({type, context, random_levels(random, type)});
  }
  return blocks;
}

std::size_t written(const std::vector<Block>& blocks,
                    const anim::vp8::CoefficientProbabilities& probabilities) {
  BoolEncoder out;
  for (const Block& block : blocks) {
    put_block(out, probabilities, block.type, block.context, block.levels);
  }
  return out.take().size();
}

}  // namespace

TEST_CASE("blocks cost what they take") {
  const auto blocks = random_blocks();
  const anim::vp8::TokenCosts costs(kDefaultCoefficientProbabilities);
  double bits = 0;
  for (const Block& block : blocks) {
    bits += costs.of(block.type, block.context, block.levels) / 256.0;
  }
  const auto bytes = static_cast<double>(written(blocks, kDefaultCoefficientProbabilities));
  CHECK(bits / 8 == doctest::Approx(bytes).epsilon(0.02));
}

TEST_CASE("counted probabilities save more than they cost") {
  const auto blocks = random_blocks();
  anim::vp8::TokenCounts counts;
  for (const Block& block : blocks) counts.add(block.type, block.context, block.levels);
  const auto best = counts.best_probabilities();
  BoolEncoder header;
  put_probabilities(header, best);
  CHECK(written(blocks, best) + header.take().size() <
        written(blocks, kDefaultCoefficientProbabilities));
}

TEST_CASE("without counts the default probabilities stay") {
  CHECK(anim::vp8::TokenCounts().best_probabilities() == kDefaultCoefficientProbabilities);
}
