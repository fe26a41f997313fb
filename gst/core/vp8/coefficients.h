// SPDX-License-Identifier: LGPL-2.1-or-later
// Quantised coefficients as tokens: their cost, their statistics, their bits.
// Source: RFC 6386, section 13.
#pragma once

#include <array>
#include <cstdint>

#include "gst/core/vp8/bool_encoder.h"
#include "gst/core/vp8/tables.h"

namespace anim::vp8 {

/// The quantised coefficients of a block, in zigzag order.
struct Levels {
  alignas(16) std::array<std::int16_t, 16> at{};
  int count = 0;  ///< up to the last that is not zero
};

/// Where the first coefficient of a block of `type` is: luma leaves its DC to a block of its own.
[[nodiscard]] constexpr int first_coefficient(BlockType type) {
  return type == BlockType::LumaWithoutDc ? 1 : 0;
}

/// The greatest level that tokens can say.
inline constexpr int kMaxLevel = 2047;

/// What blocks cost with given probabilities.
class TokenCosts {
 public:
  explicit TokenCosts(const CoefficientProbabilities& probabilities);

  /// In 1/256 bit. `context`: how many of the blocks above and to the left have coefficients.
  [[nodiscard]] int of(BlockType type, int context, const Levels& levels) const;

 private:
  static constexpr int kTokens = 11;  // 0 to 4 and the six categories
  struct Context {
    std::array<std::uint16_t, kTokens> token;  ///< with that the block goes on, where that is said
    std::uint16_t end;
    std::uint16_t go_on;  ///< what context 0 does not say after a zero, but at the block's start
  };
  using Contexts = std::array<Context, 3>;

  static Contexts costs_of(const BandProbabilities& probabilities);

  std::array<std::array<Contexts, 17>, 4> costs_;  ///< by type, place
};

/// How often each node of the token tree was a zero and a one.
class TokenCounts {
 public:
  void add(BlockType type, int context, const Levels& levels);
  /// The probabilities that are worth saying instead of the default ones.
  [[nodiscard]] CoefficientProbabilities best_probabilities() const;

 private:
  struct Count {
    std::uint32_t zeros = 0;
    std::uint32_t ones = 0;
  };
  std::array<std::array<std::array<std::array<Count, 11>, 3>, 8>, 4> counts_{};
};

/// Writes a block.
void put_block(BoolEncoder& out, const CoefficientProbabilities& probabilities, BlockType type,
               int context, const Levels& levels);

/// Writes how `probabilities` differ from the default ones (section 13.4).
void put_probabilities(BoolEncoder& out, const CoefficientProbabilities& probabilities);

}  // namespace anim::vp8
