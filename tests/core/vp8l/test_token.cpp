// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/vp8l/token.h"

using namespace anim::vp8l;

TEST_CASE("numbers are a symbol and bits after it, without gaps") {
  // Section 5.2.2: prefix codes 0 to 3 have no extra bits, 4 and 5 one, 6 and 7 two.
  CHECK(prefixed(1).symbol == 0);
  CHECK(prefixed(4).symbol == 3);
  CHECK(prefixed(4).extra_bits == 0);
  for (std::uint32_t value = 5; value < 5000; ++value) {
    const Prefixed coded = prefixed(value);
    const std::uint32_t first = ((2 + (coded.symbol & 1)) << coded.extra_bits) + 1;
    REQUIRE(static_cast<std::uint32_t>(coded.extra_bits) == (coded.symbol - 2) / 2);
    REQUIRE(first + coded.extra == value);
  }
  CHECK(prefixed(kLongestCopy).symbol == kLengthSymbols - 1);
  CHECK(prefixed(DistanceCodes(9000).code_of(kFarthestCopy)).symbol == kDistanceSymbols - 1);
  CHECK(prefixed(DistanceCodes(9000).code_of(kFarthestCopy) + 1).symbol == kDistanceSymbols);
}

TEST_CASE("near places have small codes") {
  const DistanceCodes codes(100);
  CHECK(codes.code_of(100) == 1);  // above
  CHECK(codes.code_of(1) == 2);    // to the left
  CHECK(codes.code_of(101) == 3);  // above left
  CHECK(codes.code_of(99) == 4);   // above right
  CHECK(codes.code_of(8) == 97);
  CHECK(codes.code_of(708) == 120);
  CHECK(codes.code_of(9) == 129);  // too far to the left
  CHECK(codes.code_of(92) == 212);
  CHECK(codes.code_of(800) == 920);
}

TEST_CASE("no two distances have one code") {
  for (const int width : {1, 2, 7, 8, 9, 16, 33, 500}) {
    const DistanceCodes codes(width);
    std::vector<std::uint32_t> seen;
    for (std::uint32_t distance = 1; distance <= 6000; ++distance) {
      seen.push_back(codes.code_of(distance));
    }
    std::sort(seen.begin(), seen.end());
    CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
  }
}
