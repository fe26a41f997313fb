// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/vp8/coding.h"

TEST_CASE("guesses are taken from the best on") {
  anim::vp8::Guesses<4> guesses;
  guesses.costs() = {30, 10, 40, 20};
  for (const int cost : {10, 20, 30, 40}) CHECK(guesses.take().cost == cost);
  guesses.costs()[2] = 7;
  CHECK(guesses.take().mode == 2);
}

TEST_CASE("what is far from the best guess is not worth coding") {
  const int worst = anim::vp8::worst_guess({.mode = 0, .cost = 1600});
  CHECK(worst > 1600);
  CHECK(worst < 2000);
}

TEST_CASE("bits and errors weigh more or less with the step") {
  const auto fine = anim::vp8::Tradeoff::at(8);
  const auto coarse = anim::vp8::Tradeoff::at(80);
  // A bit that saves 10 of squared error.
  CHECK(anim::vp8::score(100, 256, fine.block) < anim::vp8::score(110, 0, fine.block));
  CHECK(anim::vp8::score(100, 256, coarse.block) > anim::vp8::score(110, 0, coarse.block));
}
