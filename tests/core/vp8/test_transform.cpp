// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/vp8/transform.h"
#include "gst/core/vp8/transform_scalar.h"

namespace {

using anim::vp8::Coefficients;
using anim::vp8::Samples;
using Block = std::array<std::uint8_t, 4 * 7>;

constexpr std::ptrdiff_t kStride = 7;

/// A block in rows of seven, so that strides count.
Block random_block(std::mt19937& random, bool is_extreme) {
  Block block;
  for (auto& sample : block) {
    sample = static_cast<std::uint8_t>(is_extreme ? (random() % 2) * 255 : random() % 256);
  }
  return block;
}

Samples samples(const Block& block) {
  return {block.data(), kStride};
}

}  // namespace

TEST_CASE("what is transformed and back is the source") {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const Block source = random_block(random, i % 4 == 0);
    const Block prediction = random_block(random, i % 8 == 0);
    Coefficients coefficients;
    anim::vp8::forward_dct(samples(source), samples(prediction), coefficients);
    Block back{};
    anim::vp8::inverse_dct(coefficients, samples(prediction), {back.data(), kStride});
    int worst = 0;
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 4; ++x) {
        worst = std::max(worst, std::abs(back[7 * y + x] - source[7 * y + x]));
      }
    }
    REQUIRE(worst <= 1);
  }
}

TEST_CASE("the fast versions are the plain one") {
  std::mt19937 random(2);
  for (int i = 0; i < 5000; ++i) {
    const Block a = random_block(random, i % 3 == 0);
    const Block b = random_block(random, i % 5 == 0);
    Coefficients fast;
    Coefficients plain;
    anim::vp8::forward_dct(samples(a), samples(b), fast);
    anim::vp8::scalar::forward_dct(samples(a), samples(b), plain);
    REQUIRE(fast.at == plain.at);
    for (auto& c : plain.at) c = static_cast<std::int16_t>(c + static_cast<int>(random() % 9) - 4);
    Block fast_back{};
    Block plain_back{};
    anim::vp8::inverse_dct(plain, samples(b), {fast_back.data(), kStride});
    anim::vp8::scalar::inverse_dct(plain, samples(b), {plain_back.data(), kStride});
    REQUIRE(fast_back == plain_back);
    REQUIRE(anim::vp8::hadamard_difference(samples(a), samples(b)) ==
            anim::vp8::scalar::hadamard_difference(samples(a), samples(b)));
    REQUIRE(anim::vp8::squared_difference(samples(a), samples(b)) ==
            anim::vp8::scalar::squared_difference(samples(a), samples(b)));
  }
}

TEST_CASE("the fast quantiser is the plain one") {
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    anim::vp8::QuantizerSteps steps;
    Coefficients plain;
    for (int k = 0; k < 16; ++k) {
      const auto step = static_cast<std::uint16_t>(4 + random() % 300);
      steps.step.at(k) = step;
      steps.reciprocal.at(k) = static_cast<std::uint16_t>(65536 / step);
      steps.rounding.at(k) = static_cast<std::uint16_t>(step * (random() % 256) / 256);
      const int range = i % 4 == 0 ? 32001 : 401;
      plain.at.at(k) = static_cast<std::int16_t>(static_cast<int>(random() % range) - range / 2);
    }
    Coefficients fast = plain;
    Coefficients plain_levels;
    Coefficients fast_levels;
    const bool has_any = anim::vp8::scalar::quantize_coefficients(steps, 2047, plain, plain_levels);
    REQUIRE(anim::vp8::quantize_coefficients(steps, 2047, fast, fast_levels) == has_any);
    REQUIRE(fast_levels.at == plain_levels.at);
    REQUIRE(fast.at == plain.at);
  }
}

TEST_CASE("many blocks are compared as one by one") {
  std::mt19937 random(4);
  const Block source = random_block(random, false);
  alignas(16) std::array<anim::vp8::PackedBlock, 3> blocks;
  for (auto& block : blocks) {
    for (auto& sample : block) sample = static_cast<std::uint8_t>(random() % 256);
  }
  std::array<int, 3> found{};
  anim::vp8::hadamard_differences(samples(source), blocks, found);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    CHECK(found[i] ==
          anim::vp8::scalar::hadamard_difference(samples(source), {blocks[i].data(), 4}));
  }
}

TEST_CASE("the transform of DCs is undone") {
  std::mt19937 random(3);
  for (int i = 0; i < 1000; ++i) {
    Coefficients dcs;
    for (auto& dc : dcs.at)
      dc = static_cast<std::int16_t>(static_cast<int>(random() % 4080) - 2040);
    Coefficients transformed;
    Coefficients back;
    anim::vp8::forward_wht(dcs, transformed);
    anim::vp8::inverse_wht(transformed, back);
    for (int k = 0; k < 16; ++k) REQUIRE(std::abs(back.at[k] - dcs.at[k]) <= 2);
  }
}

TEST_CASE("a flat difference is its DC alone") {
  Block dark{};
  Block bright;
  bright.fill(10);
  Coefficients coefficients;
  anim::vp8::forward_dct(samples(bright), samples(dark), coefficients);
  CHECK(coefficients.at[0] == 80);
  CHECK(std::count(coefficients.at.begin(), coefficients.at.end(), 0) == 15);
  CHECK(anim::vp8::hadamard_difference(samples(bright), samples(dark)) == 80);
  CHECK(anim::vp8::squared_difference(samples(bright), samples(dark)) == 1600);
}
