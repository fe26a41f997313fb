// SPDX-License-Identifier: LGPL-2.1-or-later
// What a search for the best way to code a macroblock knows and weighs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "gst/core/vp8/intra.h"
#include "gst/core/vp8/macroblock.h"
#include "gst/core/vp8/quantizer.h"
#include "gst/core/vp8/transform.h"

namespace anim::vp8 {

inline constexpr int kLumaSide = 16;
inline constexpr int kChromaSide = 8;

/// How much is tried. Candidates are the modes that are coded to be compared; the others are only
/// guessed at.
struct SearchEffort {
  int subblock_candidates = 2;  ///< 0 = luma is never divided
  int luma_candidates = 2;      ///< of whole luma
  int chroma_candidates = 4;
  /// Whether whole luma and chroma are predicted in the way that fits best, else by their mean.
  bool chooses_modes = true;
};

/// What bits weigh against errors.
struct Tradeoff {
  int subblock = 0;  ///< the squared error of a bit, in 1/16: between modes of a subblock
  int block = 0;     ///< the same, between those of whole luma, of chroma, and divided luma
  int guess = 0;     ///< the Hadamard difference of a bit, in 1/256

  /// For a quantiser of that step.
  static Tradeoff at(int ac_step);
};

/// How the macroblocks of one segment are coded.
struct SegmentCoding {
  SegmentQuantizers quantizers;
  Tradeoff tradeoff;
};

/// What is around a macroblock.
struct Surroundings {
  bool has_above = false;
  bool has_left = false;
  std::array<std::uint8_t, 4> above_right{};  ///< pixels of luma, after those above
  Side above{};
  Side left{};
};

/// Squared error and bits (in 1/256) in one figure; `price` is a Tradeoff's.
inline std::int64_t score(std::int64_t error, std::int64_t rate, int price) {
  return error * 4096 + rate * price;
}

/// A Hadamard difference with the bits of a mode; `price` is Tradeoff::guess.
inline int guessed_score(int difference, int mode_cost, int price) {
  return difference + ((mode_cost * price) >> 16);
}

/// How many ways to predict a block are tried; the mean is the first.
inline int block_modes(SearchEffort effort) {
  return effort.chooses_modes ? kBlockModes : 1;
}

/// What a mode promises to cost: a guessed score.
struct Guess {
  int mode;
  int cost;
};

/// Guesses of modes, of which the best are taken one after another.
template <std::size_t count>
class Guesses {
 public:
  Guesses() { costs_.fill(kNone); }
  std::array<int, count>& costs() { return costs_; }

  /// What promises most of what is left. There must be something.
  Guess take() {
    const auto least = std::min_element(costs_.begin(), costs_.end());
    return {static_cast<int>(least - costs_.begin()), std::exchange(*least, kNone)};
  }

 private:
  static constexpr int kNone = std::numeric_limits<int>::max();
  std::array<int, count> costs_;  ///< by mode
};

/// The most that a block mode may promise to cost, beside the best guess, to be worth coding: of
/// those beyond, so few turn out to be the best that they are not worth their time.
inline int worst_guess(Guess best) {
  return best.cost + best.cost * 3 / 16;
}

using Column = std::array<std::uint8_t, kLumaSide>;

/// The edges of the block at `picture`; `left` keeps those to the left.
inline BlockEdges edges_of(Samples picture, int side, const Surroundings& around, Column& left) {
  for (int y = 0; y < side; ++y) left[y] = picture.data[y * picture.stride - 1];
  return {picture.data - picture.stride, left.data(), around.has_above, around.has_left};
}

inline void copy_block(Samples from, int side, WritableSamples to) {
  for (int y = 0; y < side; ++y) {
    std::memcpy(to.data + y * to.stride, from.data + y * from.stride, side);
  }
}

/// The pixels of a macroblock's luma.
struct LumaPixels {
  alignas(16) std::array<std::uint8_t, kLumaSide * kLumaSide> at;
};

template <int side>
int hadamard(Samples a, Samples b) {
  int sum = 0;
  for (int y = 0; y < side; y += 4) {
    for (int x = 0; x < side; x += 4) sum += hadamard_difference(a.at(x, y), b.at(x, y));
  }
  return sum;
}

}  // namespace anim::vp8
