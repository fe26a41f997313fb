// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/search.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "gst/core/vp8/modes.h"
#include "gst/core/vp8/transform.h"

namespace anim::vp8 {
namespace {

SubblockEdges subblock_edges(Samples place) {
  SubblockEdges edges;
  for (int y = 0; y < 4; ++y) {
    edges.at[SubblockEdges::kCorner - 1 - y] = place.data[y * place.stride - 1];
  }
  std::memcpy(edges.at.data() + SubblockEdges::kCorner, place.data - place.stride - 1, 9);
  return edges;
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
  constexpr double kBlock = 0.0105;
  constexpr double kGuess = 0.16;
  const double square = ac_step * ac_step;
  return {.subblock = std::max(1, static_cast<int>(16 * kSubblock * square)),
          .block = std::max(1, static_cast<int>(16 * kBlock * square)),
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
  LumaPixels pixels;  ///< the prediction, and then what has been coded
  std::int64_t score = std::numeric_limits<std::int64_t>::max();

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

/// Codes the modes that promise most, and keeps the best.
MacroblockSearch::WholeLuma MacroblockSearch::choose_whole_luma(Samples source, Samples picture,
                                                                const Surroundings& around) const {
  Column left;
  const BlockEdges edges = edges_of(picture, kLumaSide, around, left);
  std::array<LumaPixels, kBlockModes> predictions;
  Guesses<kBlockModes> guesses;
  for (int i = 0; i < block_modes(effort_); ++i) {
    const auto mode = static_cast<BlockMode>(i);
    const WritableSamples prediction{predictions[i].at.data(), kLumaSide};
    predict_block(mode, edges, kLumaSide, prediction);
    guesses.costs()[i] = guessed_score(hadamard<kLumaSide>(source, prediction),
                                       luma_mode_cost(mode), coding_.tradeoff.guess);
  }
  WholeLuma best;
  int worst = 0;
  for (int n = 0; n < std::min(effort_.luma_candidates, block_modes(effort_)); ++n) {
    const Guess guess = guesses.take();
    if (n == 0) worst = worst_guess(guess);
    if (guess.cost > worst) break;
    WholeLuma tried;
    tried.mode = static_cast<BlockMode>(guess.mode);
    tried.pixels = predictions[guess.mode];
    code_whole_luma(source, around, tried);
    if (tried.score < best.score) best = tried;
  }
  return best;
}

void MacroblockSearch::code_whole_luma(Samples source, const Surroundings& around,
                                       WholeLuma& out) const {
  const WritableSamples pixels{out.pixels.at.data(), kLumaSide};
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
  out.score = score(error, rate, coding_.tradeoff.block);
}

/// Codes the modes that promise most, and keeps the best.
MacroblockSearch::Subblock MacroblockSearch::code_subblock(Samples source,
                                                           const SubblockPredictions& predictions,
                                                           SubblockMode above, SubblockMode left,
                                                           int context, Levels& levels) const {
  const auto& mode_costs = subblock_mode_costs(above, left);
  Guesses<kSubblockModes> guesses;
  hadamard_differences(source, predictions.by_mode, guesses.costs());
  for (int mode = 0; mode < kSubblockModes; ++mode) {
    int& guess = guesses.costs()[mode];
    guess = guessed_score(guess, mode_costs[mode], coding_.tradeoff.guess);
  }
  Subblock best;
  std::int64_t best_score = std::numeric_limits<std::int64_t>::max();
  for (int n = 0; n < effort_.subblock_candidates; ++n) {
    const int mode = guesses.take().mode;
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
  std::int64_t total = score(0, divided_luma_cost(), coding_.tradeoff.block);
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
    total += score(best.error, best.rate, coding_.tradeoff.block);
    if (total >= limit) return false;
    copy_block({best.pixels.data(), 4}, 4, place);
    macroblock.subblocks[i] = above.modes[column] = left.modes[row] = best.mode;
    above.luma[column] = left.luma[row] = levels[i].count > 0 ? 1 : 0;
  }
  return true;
}

Macroblock MacroblockSearch::code(const MacroblockPixels<Samples>& source,
                                  const MacroblockPixels<WritableSamples>& picture,
                                  const Surroundings& around, MacroblockLevels& levels) const {
  Macroblock macroblock;
  const WholeLuma whole = choose_whole_luma(source.y, picture.y, around);
  macroblock.has_subblocks =
      effort_.subblock_candidates > 0 && !whole.is_flat() &&
      code_divided_luma(source.y, picture.y, around, whole.score, macroblock, levels);
  if (!macroblock.has_subblocks) {
    macroblock.luma = whole.mode;
    macroblock.subblocks.fill(as_subblock_mode(whole.mode));
    copy_block({whole.pixels.at.data(), kLumaSide}, kLumaSide, picture.y);
    std::copy(whole.levels.begin(), whole.levels.end(), levels.begin());
    levels[kLumaDcBlock] = whole.dcs;
  }
  macroblock.chroma = chroma_.code(source, picture, around, levels);
  return macroblock;
}

}  // namespace anim::vp8
