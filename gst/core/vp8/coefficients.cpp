// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/coefficients.h"

#include <algorithm>
#include <cstdlib>

#include "gst/core/vp8/entropy.h"

namespace anim::vp8 {
namespace {

constexpr int kEvenOdds = 128;

/// Levels that share a token and are told apart by bits of their own probabilities.
struct Category {
  int base;
  std::array<std::uint8_t, 11> probabilities;
  int bits;
};
constexpr std::array<Category, 6> kCategories = {{
    {5, {159}, 1},
    {7, {165, 145}, 2},
    {11, {173, 148, 140}, 3},
    {19, {176, 155, 140, 135}, 4},
    {35, {180, 157, 141, 134, 130}, 5},
    {67, {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}, 11},
}};

/// The token of a magnitude: itself up to 4, then 5 for the first category.
int token_of(int magnitude) {
  if (magnitude <= 4) return magnitude;
  int category = 5;
  while (category > 0 && magnitude < kCategories.at(category).base) --category;
  return 5 + category;
}

/// Calls branch(node, bit) down the tree to `token`, from the node "is it zero" on.
template <class Branch>
void walk_token(int token, Branch branch) {
  branch(1, token > 0);
  if (token == 0) return;
  branch(2, token > 1);
  if (token == 1) return;
  branch(3, token > 4);
  if (token <= 4) {
    branch(4, token > 2);
    if (token > 2) branch(5, token > 3);
    return;
  }
  const int category = token - 5;
  branch(6, category > 1);
  if (category <= 1) {
    branch(7, category > 0);
    return;
  }
  branch(8, category > 3);
  branch(category > 3 ? 10 : 9, (category & 1) != 0);
}

/// Calls visit(bit, probability) for what a token leaves open of a magnitude.
template <class Visit>
void walk_extra_bits(int magnitude, Visit visit) {
  const int token = token_of(magnitude);
  if (token < 5) return;
  const Category& category = kCategories.at(token - 5);
  for (int i = 0; i < category.bits; ++i) {
    const int shift = category.bits - 1 - i;
    visit((((magnitude - category.base) >> shift) & 1) != 0, category.probabilities.at(i));
  }
}

int next_context(int token) {
  return std::min(token, 2);
}

/// Walks the tokens of a block: branch(band, context, node, bit) for what is adaptive,
/// extra(magnitude, is_negative) after each token that is not zero.
template <class Branch, class Extra>
void walk_block(BlockType type, int context, const Levels& levels, Branch branch, Extra extra) {
  bool says_end = true;
  for (int place = first_coefficient(type); place < levels.count; ++place) {
    const int band = kBands.at(place);
    const int level = levels.at[place];
    const int token = token_of(std::abs(level));
    if (says_end) branch(band, context, 0, true);
    walk_token(token, [&](int node, bool bit) { branch(band, context, node, bit); });
    if (token > 0) extra(std::abs(level), level < 0);
    says_end = token > 0;
    context = next_context(token);
  }
  const int end = std::max(levels.count, first_coefficient(type));
  if (end < 16) branch(kBands.at(end), context, 0, false);
}

struct CostOfLevels {
  /// By magnitude: the bits beyond the token, with the sign.
  std::array<std::uint16_t, kMaxLevel + 1> extra;
  std::array<std::uint8_t, kMaxLevel + 1> token;
};

CostOfLevels make_cost_of_levels() {
  CostOfLevels made;
  for (int magnitude = 0; magnitude <= kMaxLevel; ++magnitude) {
    int cost = magnitude > 0 ? zero_cost(kEvenOdds) : 0;
    walk_extra_bits(magnitude,
                    [&](bool bit, int probability) { cost += bit_cost(bit, probability); });
    made.extra[magnitude] = static_cast<std::uint16_t>(cost);
    made.token[magnitude] = static_cast<std::uint8_t>(token_of(magnitude));
  }
  return made;
}

const CostOfLevels kCostOfLevels = make_cost_of_levels();

/// What `zeros` and `ones` cost with `probability`, in 1/256 bit.
double cost_of(double zeros, double ones, int probability) {
  return zeros * zero_cost(probability) + ones * zero_cost(256 - probability);
}

}  // namespace

TokenCosts::Contexts TokenCosts::costs_of(const BandProbabilities& probabilities) {
  Contexts out;
  for (int context = 0; context < 3; ++context) {
    const NodeProbabilities& p = probabilities[context];
    Context& costs = out[context];
    costs.go_on = static_cast<std::uint16_t>(bit_cost(true, p[0]));
    costs.end = static_cast<std::uint16_t>(bit_cost(false, p[0]));
    for (int token = 0; token < kTokens; ++token) {
      int cost = context > 0 ? costs.go_on : 0;
      walk_token(token, [&](int node, bool bit) { cost += bit_cost(bit, p[node]); });
      costs.token[token] = static_cast<std::uint16_t>(cost);
    }
  }
  return out;
}

TokenCosts::TokenCosts(const CoefficientProbabilities& probabilities) {
  for (int type = 0; type < 4; ++type) {
    std::array<Contexts, 8> bands;
    std::transform(probabilities[type].begin(), probabilities[type].end(), bands.begin(), costs_of);
    for (int place = 0; place < 16; ++place) costs_[type][place] = bands[kBands[place]];
    costs_[type][16] = {};  // that the last place is the end is not said
  }
}

int TokenCosts::of(BlockType type, int context, const Levels& levels) const {
  const auto& by_place = costs_[static_cast<int>(type)];
  int place = first_coefficient(type);
  if (levels.count <= place) return by_place[place][context].end;
  int cost = context == 0 ? by_place[place][0].go_on : 0;
  for (; place < levels.count; ++place) {
    const int magnitude = std::abs(levels.at[place]);
    const int token = kCostOfLevels.token[magnitude];
    cost += by_place[place][context].token[token] + kCostOfLevels.extra[magnitude];
    context = next_context(token);
  }
  return cost + by_place[place][context].end;
}

void TokenCounts::add(BlockType type, int context, const Levels& levels) {
  auto& counts = counts_[static_cast<int>(type)];
  walk_block(
      type, context, levels,
      [&](int band, int c, int node, bool bit) {
        Count& count = counts[band][c][node];
        ++(bit ? count.ones : count.zeros);
      },
      [](int, bool) {});
}

CoefficientProbabilities TokenCounts::best_probabilities() const {
  CoefficientProbabilities best = kDefaultCoefficientProbabilities;
  for (int type = 0; type < 4; ++type) {
    for (int band = 0; band < 8; ++band) {
      for (int context = 0; context < 3; ++context) {
        for (int node = 0; node < 11; ++node) {
          const auto [zeros, ones] = counts_[type][band][context][node];
          if (zeros + ones == 0) continue;
          std::uint8_t& probability = best[type][band][context][node];
          const int update = kCoefficientUpdateProbabilities[type][band][context][node];
          const int counted = static_cast<int>(256ULL * zeros / (zeros + ones));
          const int own = std::clamp(counted, 1, 255);
          const double kept = cost_of(zeros, ones, probability) + bit_cost(false, update);
          const double said = cost_of(zeros, ones, own) + bit_cost(true, update) + 8 * 256;
          if (said < kept) probability = static_cast<std::uint8_t>(own);
        }
      }
    }
  }
  return best;
}

void put_block(BoolEncoder& out, const CoefficientProbabilities& probabilities, BlockType type,
               int context, const Levels& levels) {
  const auto& by_band = probabilities[static_cast<int>(type)];
  walk_block(
      type, context, levels,
      [&](int band, int c, int node, bool bit) { out.put(bit, by_band[band][c][node]); },
      [&](int magnitude, bool is_negative) {
        walk_extra_bits(magnitude, [&](bool bit, int probability) { out.put(bit, probability); });
        out.put(is_negative);
      });
}

void put_probabilities(BoolEncoder& out, const CoefficientProbabilities& probabilities) {
  for (int type = 0; type < 4; ++type) {
    for (int band = 0; band < 8; ++band) {
      for (int context = 0; context < 3; ++context) {
        for (int node = 0; node < 11; ++node) {
          const int probability = probabilities[type][band][context][node];
          const bool differs =
              probability != kDefaultCoefficientProbabilities[type][band][context][node];
          out.put(differs, kCoefficientUpdateProbabilities[type][band][context][node]);
          if (differs) out.put_bits(probability, 8);
        }
      }
    }
  }
}

}  // namespace anim::vp8
