// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/rational.h"

using anim::Rational;

TEST_CASE("decimals are exact fractions") {
  struct Row {
    const char* text;
    Rational value;
  };
  const Row rows[] = {
      {"1", {1}},
      {"0", {0}},
      {"-0", {0}},
      {"0.5", {1, 2}},
      {"29.97", {2997, 100}},
      {"1e3", {1000}},
      {"2.5E-1", {1, 4}},
      {"-3.3", {-33, 10}},
      {"1.000000000", {1}},
      {"1e-9", {1, 1000000000}},
      {"0e999", {0}},
      {"9223372036854775807", {std::numeric_limits<std::int64_t>::max()}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    REQUIRE(Rational::parse(row.text));
    CHECK(*Rational::parse(row.text) == row.value);
  }
}

TEST_CASE("what is no number, or no 64-bit one, does not parse") {
  for (const char* text : {"", "-", ".", "abc", "1.2.3", "1e", "1e9999", "1e400", "1e-400", "NaN",
                           "Infinity", "0x10", " 1", "9223372036854775808", "--1"}) {
    CAPTURE(text);
    CHECK_FALSE(Rational::parse(text));
  }
}

TEST_CASE("fractions compare exactly where doubles do not") {
  const Rational a(1'000'000'000'000'000'000, 3);
  const Rational b(1'000'000'000'000'000'001, 3);
  CHECK(a < b);
  CHECK(a.to_double() == b.to_double());
  CHECK(Rational(2, 4) == Rational(1, 2));
  CHECK(Rational(1, -2) == Rational(-1, 2));
}

TEST_CASE("products and sums that leave 64 bits give nothing") {
  CHECK(Rational(1, 3).times({3, 2}) == Rational(1, 2));
  CHECK(Rational(1, 3).plus({1, 6}) == Rational(1, 2));
  CHECK_FALSE(Rational(1LL << 62).times({4}));
  CHECK_FALSE(Rational(std::numeric_limits<std::int64_t>::max()).plus({1}));
}

TEST_CASE("scaling rounds as named") {
  CHECK(anim::mul_div_floor(7, 1, 2) == 3);
  CHECK(anim::mul_div_round(7, 1, 2) == 4);
  CHECK(anim::mul_div_ceil(7, 1, 2) == 4);
  CHECK(anim::mul_div_floor(-7, 1, 2) == -4);
  CHECK(anim::mul_div_round(-7, 1, 2) == -3);
  CHECK(anim::mul_div_ceil(-7, 1, 2) == -3);
  CHECK(anim::mul_div_round(1LL << 60, 1001, 30000) == 38469147537048461);
}
