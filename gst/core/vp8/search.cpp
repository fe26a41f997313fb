// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/search.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "gst/core/vp8/modes.h"
#include "gst/core/vp8/transform.h"

namespace anim::vp8 {
namespace {

constexpr int kLumaSide = 16;
constexpr int kChromaSide = 8;

/// Squared error and bits (in 1/256) in one figure; `price` is a Tradeoff's.
std::int64_t score(std::int64_t error, std::int64_t rate, int price) {
  return error * 4096 + rate * price;
}

/// A Hadamard difference with the bits of a mode; `price` is Tradeoff::guess.
int guessed_score(int difference, int mode_cost, int price) {
  return difference + ((mode_cost * price) >> 16);
}

/// How many ways to predict a block are tried; the mean is the first.
int block_modes(SearchEffort effort) {
  return effort.chooses_modes ? kBlockModes : 1;
}

using Column = std::array<std::uint8_t, kLumaSide>;

BlockEdges edges_of(Samples picture, int side, const Surroundings& around, Column& left) {
  for (int y = 0; y < side; ++y) left[y] = picture.data[y * picture.stride - 1];
  return {picture.data - picture.stride, left.data(), around.has_above, around.has_left};
}

SubblockEdges subblock_edges(Samples place) {
  SubblockEdges edges;
  for (int y = 0; y < 4; ++y) {
    edges.at[SubblockEdges::kCorner - 1 - y] = place.data[y * place.stride - 1];
  }
  std::memcpy(edges.at.data() + SubblockEdges::kCorner, place.data - place.stride - 1, 9);
  return edges;
}

void copy_block(Samples from, int side, WritableSamples to) {
  for (int y = 0; y < side; ++y) {
    std::memcpy(to.data + y * to.stride, from.data + y * from.stride, side);
  }
}

template <int side>
int hadamard(Samples a, Samples b) {
  int sum = 0;
  for (int y = 0; y < side; y += 4) {
    for (int x = 0; x < side; x += 4) sum += hadamard_difference(a.at(x, y), b.at(x, y));
  }
  return sum;
}

Samples subblock(Samples luma, int block) {
  return luma.at(4 * (block % 4), 4 * (block / 4));
}
WritableSamples subblock(WritableSamples luma, int block) {
  return luma.at(4 * (block % 4), 4 * (block / 4));
}

}  // namespace

Tradeoff Tradeoff::at(int ac_step) {
  // In squares of the step, or in steps; near to the slope of error over bits at that step.
  constexpr double kSubblock = 0.0174;
  constexpr double kLuma = 0.0118;
  constexpr double kGuess = 0.16;
  const double square = ac_step * ac_step;
  return {.subblock = std::max(1, static_cast<int>(16 * kSubblock * square)),
          .luma = std::max(1, static_cast<int>(16 * kLuma * square)),
          .guess = static_cast<int>(256 * kGuess * ac_step)};
}

void predict_by_mean(const MacroblockPixels<WritableSamples>& picture, const Surroundings& around) {
  const auto predict = [&](WritableSamples place, int side) {
    Column left;
    predict_block(BlockMode::Dc, edges_of(place, side, around, left), side, place);
  };
  predict(picture.y, kLumaSide);
  predict(picture.u, kChromaSide);
  predict(picture.v, kChromaSide);
}

/// Luma coded whole, beside the picture.
struct MacroblockSearch::WholeLuma {
  BlockMode mode = BlockMode::Dc;
  std::array<Levels, kLumaBlocks> levels;
  Levels dcs;
  alignas(16) std::array<std::uint8_t, kLumaSide * kLumaSide> pixels;
  std::int64_t score = 0;

  /// Whether all that differs from the prediction is the mean. Dividing it does not pay.
  [[nodiscard]] bool is_flat() const {
    const auto has_no_ac = [](const Levels& block) { return block.count <= 1; };
    return has_no_ac(dcs) && std::all_of(levels.begin(), levels.end(), has_no_ac);
  }
};

/// The best way found to code a subblock.
struct MacroblockSearch::Subblock {
  SubblockMode mode = SubblockMode::Dc;
  std::int64_t error = 0;
  std::int64_t rate = 0;
  alignas(16) std::array<std::uint8_t, 16> pixels{};
};

/// The mode whose prediction, left in `pixels`, is nearest to the source.
BlockMode MacroblockSearch::guess_whole_luma(Samples source, Samples picture,
                                             const Surroundings& around,
                                             std::uint8_t* pixels) const {
  Column left;
  const BlockEdges edges = edges_of(picture, kLumaSide, around, left);
  alignas(16) std::array<std::uint8_t, kLumaSide * kLumaSide> tried;
  const WritableSamples prediction{tried.data(), kLumaSide};
  int best = std::numeric_limits<int>::max();
  auto best_mode = BlockMode::Dc;
  for (int i = 0; i < block_modes(effort_); ++i) {
    const auto mode = static_cast<BlockMode>(i);
    predict_block(mode, edges, kLumaSide, prediction);
    const int guess = guessed_score(hadamard<kLumaSide>(source, prediction), luma_mode_cost(mode),
                                    coding_.tradeoff.guess);
    if (guess >= best) continue;
    best = guess;
    best_mode = mode;
    std::memcpy(pixels, tried.data(), tried.size());
  }
  return best_mode;
}

void MacroblockSearch::code_whole_luma(Samples source, Samples picture, const Surroundings& around,
                                       WholeLuma& out) const {
  const WritableSamples pixels{out.pixels.data(), kLumaSide};
  out.mode = guess_whole_luma(source, picture, around, out.pixels.data());
  std::array<Coefficients, kLumaBlocks> coefficients;
  Coefficients dcs;
  for (int i = 0; i < kLumaBlocks; ++i) {
    forward_dct(subblock(source, i), subblock(pixels, i), coefficients[i]);
    dcs.at[i] = coefficients[i].at[0];
  }
  Coefficients transformed;
  forward_wht(dcs, transformed);
  coding_.quantizers.luma_dc.quantize(BlockType::LumaDc, transformed, out.dcs);
  inverse_wht(transformed, dcs);

  const int dc_context = around.above.luma_dc + around.left.luma_dc;
  std::int64_t rate = luma_mode_cost(out.mode) + costs_.of(BlockType::LumaDc, dc_context, out.dcs);
  std::int64_t error = 0;
  auto over = around.above.luma;
  auto beside = around.left.luma;
  for (int i = 0; i < kLumaBlocks; ++i) {
    constexpr BlockType kType = BlockType::LumaWithoutDc;
    Levels& levels = out.levels[i];
    coding_.quantizers.luma.quantize(kType, coefficients[i], levels);
    rate += costs_.of(kType, over[i % 4] + beside[i / 4], levels);
    over[i % 4] = beside[i / 4] = levels.count > first_coefficient(kType) ? 1 : 0;
    coefficients[i].at[0] = dcs.at[i];
    inverse_dct(coefficients[i], subblock(pixels, i), subblock(pixels, i));
    error += squared_difference(subblock(source, i), subblock(pixels, i));
  }
  out.score = score(error, rate, coding_.tradeoff.luma);
}

/// Codes the modes that promise most, and keeps the best.
MacroblockSearch::Subblock MacroblockSearch::code_subblock(Samples source,
                                                           const SubblockPredictions& predictions,
                                                           SubblockMode above, SubblockMode left,
                                                           int context, Levels& levels) const {
  const auto& mode_costs = subblock_mode_costs(above, left);
  std::array<int, kSubblockModes> guesses;
  hadamard_differences(source, predictions.by_mode, guesses);
  for (int mode = 0; mode < kSubblockModes; ++mode) {
    guesses[mode] = guessed_score(guesses[mode], mode_costs[mode], coding_.tradeoff.guess);
  }
  Subblock best;
  std::int64_t best_score = std::numeric_limits<std::int64_t>::max();
  for (int n = 0; n < effort_.subblock_candidates; ++n) {
    const auto least = std::min_element(guesses.begin(), guesses.end());
    const auto mode = static_cast<int>(least - guesses.begin());
    *least = std::numeric_limits<int>::max();
    const Samples prediction{predictions.by_mode[mode].data(), 4};
    Coefficients coefficients;
    Levels tried;
    forward_dct(source, prediction, coefficients);
    coding_.quantizers.luma.quantize(BlockType::Luma, coefficients, tried);
    Subblock coded{.mode = static_cast<SubblockMode>(mode)};
    inverse_dct(coefficients, prediction, {coded.pixels.data(), 4});
    coded.error = squared_difference(source, {coded.pixels.data(), 4});
    coded.rate = mode_costs[mode] + costs_.of(BlockType::Luma, context, tried);
    const std::int64_t coded_score = score(coded.error, coded.rate, coding_.tradeoff.subblock);
    if (coded_score >= best_score) continue;
    best_score = coded_score;
    best = coded;
    levels = tried;
  }
  return best;
}

/// False, with luma half written, as soon as it costs more than `limit`.
bool MacroblockSearch::code_divided_luma(Samples source, WritableSamples picture,
                                         const Surroundings& around, std::int64_t limit,
                                         Macroblock& macroblock, MacroblockLevels& levels) const {
  std::int64_t total = score(0, divided_luma_cost(), coding_.tradeoff.luma);
  Side above = around.above;
  Side left = around.left;
  SubblockPredictions predictions;
  for (int i = 0; i < kLumaBlocks; ++i) {
    const int column = i % 4;
    const int row = i / 4;
    const WritableSamples place = subblock(picture, i);
    SubblockEdges edges = subblock_edges(place);
    if (column == 3) {
      std::copy(around.above_right.begin(), around.above_right.end(),
                edges.at.begin() + SubblockEdges::kCorner + 5);
    }
    predict_subblock(edges, predictions);
    const Subblock best =
        code_subblock(subblock(source, i), predictions, above.modes[column], left.modes[row],
                      above.luma[column] + left.luma[row], levels[i]);
    total += score(best.error, best.rate, coding_.tradeoff.luma);
    if (total >= limit) return false;
    copy_block({best.pixels.data(), 4}, 4, place);
    macroblock.subblocks[i] = above.modes[column] = left.modes[row] = best.mode;
    above.luma[column] = left.luma[row] = levels[i].count > 0 ? 1 : 0;
  }
  return true;
}

BlockMode MacroblockSearch::code_chroma(const MacroblockPixels<Samples>& source,
                                        const MacroblockPixels<WritableSamples>& picture,
                                        const Surroundings& around,
                                        MacroblockLevels& levels) const {
  using Block = std::array<std::uint8_t, kChromaSide * kChromaSide>;
  Column u_left;
  Column v_left;
  const BlockEdges u_edges = edges_of(picture.u, kChromaSide, around, u_left);
  const BlockEdges v_edges = edges_of(picture.v, kChromaSide, around, v_left);
  alignas(16) std::array<Block, kBlockModes> u;
  alignas(16) std::array<Block, kBlockModes> v;
  int best = std::numeric_limits<int>::max();
  std::size_t best_mode = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(block_modes(effort_)); ++i) {
    const auto mode = static_cast<BlockMode>(i);
    predict_block(mode, u_edges, kChromaSide, {u[i].data(), kChromaSide});
    predict_block(mode, v_edges, kChromaSide, {v[i].data(), kChromaSide});
    const int difference = hadamard<kChromaSide>(source.u, {u[i].data(), kChromaSide}) +
                           hadamard<kChromaSide>(source.v, {v[i].data(), kChromaSide});
    const int guess = guessed_score(difference, chroma_mode_cost(mode), coding_.tradeoff.guess);
    if (guess >= best) continue;
    best = guess;
    best_mode = i;
  }
  const auto code_plane = [&](Samples from, const Block& prediction, WritableSamples to,
                              Levels* out) {
    const Samples predicted{prediction.data(), kChromaSide};
    for (int i = 0; i < 4; ++i) {
      const int x = 4 * (i % 2);
      const int y = 4 * (i / 2);
      Coefficients coefficients;
      forward_dct(from.at(x, y), predicted.at(x, y), coefficients);
      coding_.quantizers.chroma.quantize(BlockType::Chroma, coefficients, out[i]);
      inverse_dct(coefficients, predicted.at(x, y), to.at(x, y));
    }
  };
  code_plane(source.u, u[best_mode], picture.u, &levels[kFirstU]);
  code_plane(source.v, v[best_mode], picture.v, &levels[kFirstV]);
  return static_cast<BlockMode>(best_mode);
}

Macroblock MacroblockSearch::code(const MacroblockPixels<Samples>& source,
                                  const MacroblockPixels<WritableSamples>& picture,
                                  const Surroundings& around, MacroblockLevels& levels) const {
  Macroblock macroblock;
  WholeLuma whole;
  code_whole_luma(source.y, picture.y, around, whole);
  macroblock.has_subblocks =
      effort_.subblock_candidates > 0 && !whole.is_flat() &&
      code_divided_luma(source.y, picture.y, around, whole.score, macroblock, levels);
  if (!macroblock.has_subblocks) {
    macroblock.luma = whole.mode;
    macroblock.subblocks.fill(as_subblock_mode(whole.mode));
    copy_block({whole.pixels.data(), kLumaSide}, kLumaSide, picture.y);
    std::copy(whole.levels.begin(), whole.levels.end(), levels.begin());
    levels[kLumaDcBlock] = whole.dcs;
  }
  macroblock.chroma = code_chroma(source, picture, around, levels);
  return macroblock;
}

}  // namespace anim::vp8
