// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/chroma.h"

#include "gst/core/vp8/modes.h"

namespace anim::vp8 {
namespace {

constexpr std::size_t kPixels = kChromaSide * kChromaSide;
constexpr int kBlocksOfPlane = 4;

struct Planes {
  alignas(16) std::array<std::uint8_t, kPixels> u;
  alignas(16) std::array<std::uint8_t, kPixels> v;
};

Samples samples(const std::array<std::uint8_t, kPixels>& plane) {
  return {plane.data(), kChromaSide};
}
WritableSamples samples(std::array<std::uint8_t, kPixels>& plane) {
  return {plane.data(), kChromaSide};
}

/// The place of a block of 4x4.
template <class S>
S block_at(S plane, int block) {
  return plane.at(4 * (block % 2), 4 * (block / 2));
}

int squared_difference_of(Samples a, Samples b) {
  int sum = 0;
  for (int i = 0; i < kBlocksOfPlane; ++i)
    sum += squared_difference(block_at(a, i), block_at(b, i));
  return sum;
}

}  // namespace

/// Both planes with every mode, and what each promises.
struct ChromaSearch::Predictions {
  Predictions(const MacroblockPixels<Samples>& source,
              const MacroblockPixels<WritableSamples>& picture, const Surroundings& around,
              int price, int modes) {
    Column u_left;
    Column v_left;
    const BlockEdges u_edges = edges_of(picture.u, kChromaSide, around, u_left);
    const BlockEdges v_edges = edges_of(picture.v, kChromaSide, around, v_left);
    for (int i = 0; i < modes; ++i) {
      const auto mode = static_cast<BlockMode>(i);
      Planes& planes = by_mode[i];
      predict_block(mode, u_edges, kChromaSide, samples(planes.u));
      predict_block(mode, v_edges, kChromaSide, samples(planes.v));
      const int difference = hadamard<kChromaSide>(source.u, samples(planes.u)) +
                             hadamard<kChromaSide>(source.v, samples(planes.v));
      guesses.costs()[i] = guessed_score(difference, chroma_mode_cost(mode), price);
    }
  }

  std::array<Planes, kBlockModes> by_mode;
  Guesses<kBlockModes> guesses;
};

/// Chroma coded in one of the ways.
struct ChromaSearch::Coded {
  BlockMode mode = BlockMode::Dc;
  std::array<Levels, 2 * kBlocksOfPlane> levels;
  Planes planes;
};

void ChromaSearch::code_plane(Samples source, Samples prediction, WritableSamples out,
                              Levels* levels) const {
  for (int i = 0; i < kBlocksOfPlane; ++i) {
    Coefficients coefficients;
    forward_dct(block_at(source, i), block_at(prediction, i), coefficients);
    coding_.quantizers.chroma.quantize(BlockType::Chroma, coefficients, levels[i]);
    inverse_dct(coefficients, block_at(prediction, i), block_at(out, i));
  }
}

std::int64_t ChromaSearch::score_of(const MacroblockPixels<Samples>& source,
                                    const Surroundings& around, const Coded& coded) const {
  std::int64_t rate = chroma_mode_cost(coded.mode);
  const auto add = [&](const Levels* levels, std::array<std::uint8_t, 2> over,
                       std::array<std::uint8_t, 2> beside) {
    for (int i = 0; i < kBlocksOfPlane; ++i) {
      rate += costs_.of(BlockType::Chroma, over[i % 2] + beside[i / 2], levels[i]);
      over[i % 2] = beside[i / 2] = levels[i].count > 0 ? 1 : 0;
    }
  };
  add(coded.levels.data(), around.above.u, around.left.u);
  add(coded.levels.data() + kBlocksOfPlane, around.above.v, around.left.v);
  const std::int64_t error = squared_difference_of(source.u, samples(coded.planes.u)) +
                             squared_difference_of(source.v, samples(coded.planes.v));
  return score(error, rate, coding_.tradeoff.block);
}

BlockMode ChromaSearch::code(const MacroblockPixels<Samples>& source,
                             const MacroblockPixels<WritableSamples>& picture,
                             const Surroundings& around, MacroblockLevels& levels) const {
  Predictions predictions(source, picture, around, coding_.tradeoff.guess, block_modes(effort_));
  Coded best;
  std::int64_t best_score = std::numeric_limits<std::int64_t>::max();
  int worst = 0;
  for (int n = 0; n < std::min(effort_.chroma_candidates, block_modes(effort_)); ++n) {
    const Guess guess = predictions.guesses.take();
    if (n == 0) worst = worst_guess(guess);
    if (guess.cost > worst) break;
    const Planes& predicted = predictions.by_mode[guess.mode];
    Coded tried;
    tried.mode = static_cast<BlockMode>(guess.mode);
    code_plane(source.u, samples(predicted.u), samples(tried.planes.u), tried.levels.data());
    code_plane(source.v, samples(predicted.v), samples(tried.planes.v),
               tried.levels.data() + kBlocksOfPlane);
    const std::int64_t scored = score_of(source, around, tried);
    if (scored >= best_score) continue;
    best_score = scored;
    best = tried;
  }
  copy_block(samples(best.planes.u), kChromaSide, picture.u);
  copy_block(samples(best.planes.v), kChromaSide, picture.v);
  std::copy(best.levels.begin(), best.levels.end(), levels.begin() + kFirstU);
  return best.mode;
}

}  // namespace anim::vp8
