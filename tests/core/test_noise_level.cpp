// SPDX-License-Identifier: LGPL-2.1-or-later
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/noise_level.h"

using anim::NoiseLevel;

namespace {

/// Still macroblocks of about that noise, and some that move.
std::vector<double> picture(double noise, int still, int moving) {
  std::vector<double> differences;
  for (int i = 0; i < still; ++i) differences.push_back(noise * (0.8 + 0.4 * i / still));
  for (int i = 0; i < moving; ++i) differences.push_back(200 + i);
  return differences;
}

}  // namespace

TEST_CASE("noise is what the still parts have, however much moves") {
  for (const int moving : {0, 100, 800}) {
    CAPTURE(moving);
    NoiseLevel noise;
    for (int i = 0; i < 50; ++i) noise.observe(picture(6, 200, moving));
    CHECK(noise.variance() == doctest::Approx(6).epsilon(0.3));
  }
}

TEST_CASE("a picture that moves all over is no noise beyond a bound") {
  NoiseLevel noise;
  for (int i = 0; i < 200; ++i) noise.observe(picture(6, 0, 300));
  CHECK(noise.variance() <= 16);
}

TEST_CASE("the estimate falls faster than it rises") {
  NoiseLevel noise;
  noise.observe(picture(1, 200, 0));
  const double before = noise.variance();
  noise.observe(picture(9, 200, 0));
  CHECK(noise.variance() < before + 1.5);
  for (int i = 0; i < 60; ++i) noise.observe(picture(9, 200, 0));
  const double high = noise.variance();
  noise.observe(picture(1, 200, 0));
  CHECK(noise.variance() < 0.7 * high);
}

TEST_CASE("nothing observed is no noise") {
  NoiseLevel noise;
  noise.observe({});
  CHECK_FALSE(noise.is_known());
  CHECK(noise.variance() == 0);
}
