// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/text.h"

using anim::Rational;

TEST_CASE("quotes stay on one line and are bounded") {
  CHECK(anim::in_quotes("fitt") == "\"fitt\"");
  CHECK(anim::in_quotes("a\nb\x7f") == "\"a\\x0ab\\x7f\"");
  CHECK(anim::in_quotes("caf\xc3\xa9") == "\"caf\xc3\xa9\"");
  CHECK(anim::in_quotes("\xc3") == "\"\\xc3\"");
  const std::string cut = anim::in_quotes(std::string(1'000'000, 'x'));
  CHECK(cut.size() < 100);
  CHECK(cut.ends_with("…\""));
}

TEST_CASE("only UTF-8 is UTF-8") {
  struct Row {
    const char* label;
    std::string text;
    bool valid;
  };
  const auto rows = std::to_array<Row>({
      {"empty", "", true},
      {"two bytes", "\xc2\x80", true},
      {"four bytes", "\xf0\x9f\x8e\x9e", true},
      {"the last", "\xf4\x8f\xbf\xbf", true},
      {"overlong", "\xc0\xaf", false},
      {"overlong in three", "\xe0\x80\xaf", false},
      {"a surrogate", "\xed\xa0\x80", false},
      {"too large", "\xf4\x90\x80\x80", false},
      {"cut off", "a\xe2\x82", false},
  });
  for (const Row& row : rows) {
    CAPTURE(row.label);
    CHECK(anim::is_utf8(row.text) == row.valid);
  }
}

TEST_CASE("the nearest name is meant, and only a near one") {
  constexpr auto kNames = std::to_array<std::string_view>({"stretch", "crop", "fill", "fit"});
  CHECK(anim::closest("fitt", kNames) == "fit");
  CHECK(anim::closest("FIT", kNames) == "fit");
  CHECK(anim::closest("strecth", kNames) == "stretch");
  CHECK(anim::closest("corp", kNames) == "crop");
  CHECK_FALSE(anim::closest("letterbox", kNames));
  CHECK_FALSE(anim::closest("", kNames));
  CHECK_FALSE(anim::closest(std::string(1'000'000, 'f'), kNames));
  CHECK(anim::hint("fitt", kNames) == " (did you mean \"fit\"?)");
  CHECK(anim::hint("letterbox", kNames).empty());
}

TEST_CASE("decimals are exact or not given") {
  CHECK(anim::exact_decimal(Rational(2997, 100)) == "29.97");
  CHECK(anim::exact_decimal(Rational(-1, 8)) == "-0.125");
  CHECK(anim::exact_decimal(Rational(25)) == "25");
  CHECK_FALSE(anim::exact_decimal(Rational(1, 3)));
  CHECK_FALSE(anim::exact_decimal(Rational(1, 1LL << 40)));
  CHECK(anim::readable(Rational(1001, 30000)) == "1001/30000");
}
