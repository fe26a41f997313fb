// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/vp8l/symbol_counts.h"

using namespace anim::vp8l;

TEST_CASE("tokens are counted by their symbols") {
  SymbolCounts counts(6);
  counts.add(Token{0x01020304});
  counts.add(Token{63, 1, Token::Kind::Cached});
  counts.add(Token{2, 4096, Token::Kind::Copy});
  CHECK(counts.of(Alphabet::Alpha)[1] == 1);
  CHECK(counts.of(Alphabet::Red)[2] == 1);
  CHECK(counts.of(Alphabet::Green)[3] == 1);
  CHECK(counts.of(Alphabet::Blue)[4] == 1);
  CHECK(counts.of(Alphabet::Green)[kFirstCached + 63] == 1);
  CHECK(counts.of(Alphabet::Green)[kFirstLength + 23] == 1);
  CHECK(counts.of(Alphabet::Distance)[1] == 1);
  CHECK(counts.of(Alphabet::Green).size() == kFirstCached + 64);
  CHECK(counts.of(Alphabet::Distance).size() == kDistanceSymbols);
  CHECK(SymbolCounts(0).of(Alphabet::Green).size() == kFirstCached);
}

TEST_CASE("even symbols take their logarithm each") {
  SymbolCounts counts(0);
  const double nothing = counts.bits();
  for (std::uint32_t i = 0; i < 100'000; ++i) counts.add(Token{(i % 16) << 8});
  CHECK(counts.bits() - nothing == doctest::Approx(400'000).epsilon(0.001));
}
