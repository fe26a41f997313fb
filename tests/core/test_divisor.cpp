// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/divisor.h"

TEST_CASE("sums of samples are divided exactly") {
  int wrong = 0;
  for (int divisor = 1; divisor <= 255; ++divisor) {
    const anim::Divisor by(divisor);
    const int most = 255 * divisor + divisor / 2;
    for (int sum = 0; sum <= most; ++sum) wrong += by.quotient(sum) != sum / divisor;
  }
  CHECK(wrong == 0);
}
