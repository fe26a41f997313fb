// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>

#include <doctest/doctest.h>

#include "gst/core/vp8/quantizer.h"

namespace {

using anim::vp8::BlockType;
using anim::vp8::Coefficients;
using anim::vp8::Levels;
using anim::vp8::Quantizer;

}  // namespace

TEST_CASE("levels times the step are near the coefficients, in zigzag order") {
  const Quantizer quantizer(10, 20, {128, 128});
  Coefficients coefficients;
  coefficients.at = {-34, 100, 0, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};
  Levels levels;
  quantizer.quantize(BlockType::Luma, coefficients, levels);
  CHECK(levels.count == 3);
  CHECK(levels.at[0] == -3);
  CHECK(levels.at[1] == 5);
  CHECK(levels.at[2] == 2);
  CHECK(coefficients.at[0] == -30);
  CHECK(coefficients.at[1] == 100);
  CHECK(coefficients.at[4] == 40);
  CHECK(coefficients.at[15] == 0);
}

TEST_CASE("rounding decides where the next level begins") {
  for (const int rounding : {0, 64, 128, 192}) {
    CAPTURE(rounding);
    const Quantizer quantizer(100, 100, {rounding, rounding});
    for (const int value : {98, 180, 197, 230, 252, 290}) {
      Coefficients coefficients;
      coefficients.at[0] = static_cast<std::int16_t>(value);
      Levels levels;
      quantizer.quantize(BlockType::Luma, coefficients, levels);
      const int expected = (value + 100 * rounding / 256) / 100;
      CHECK((levels.count == 0 ? 0 : levels.at[0]) == expected);
    }
  }
}

TEST_CASE("finer detail is rounded down sooner") {
  const auto level_at = [](int raster) {
    const Quantizer quantizer(100, 100, {100, 100});
    Coefficients coefficients;
    coefficients.at[raster] = 61;
    Levels levels;
    quantizer.quantize(BlockType::Luma, coefficients, levels);
    return levels.count > 0 ? 1 : 0;
  };
  CHECK(level_at(1) == 1);
  CHECK(level_at(4) == 1);
  CHECK(level_at(15) == 0);
}

TEST_CASE("luma without its DC leaves the DC alone") {
  const Quantizer quantizer(10, 10, {128, 128});
  Coefficients coefficients;
  coefficients.at[0] = 77;
  Levels levels;
  quantizer.quantize(BlockType::LumaWithoutDc, coefficients, levels);
  CHECK(levels.count == 0);
  CHECK(coefficients.at[0] == 77);
}

TEST_CASE("a level is never more than tokens can say") {
  const Quantizer quantizer(4, 4, {128, 128});
  Coefficients coefficients;
  coefficients.at[0] = -30000;
  Levels levels;
  quantizer.quantize(BlockType::Luma, coefficients, levels);
  CHECK(levels.at[0] == -anim::vp8::kMaxLevel);
}

TEST_CASE("a higher index has coarser steps") {
  int before = 0;
  for (int index = 0; index <= anim::vp8::kMaxIndex; ++index) {
    const int step = anim::vp8::quantizers_at(index).luma.ac_step();
    CHECK(step > before);
    before = step;
  }
}
