// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/vp8l/group_counts.h"

using namespace anim::vp8l;

namespace {

SymbolCounts pixels() {
  SymbolCounts counts(6);
  for (std::uint32_t i = 0; i < 3000; ++i) counts.add(Token{0xFF000000 | i * 7919});
  return counts;
}

SymbolCounts copies() {
  SymbolCounts counts(6);
  for (std::uint32_t i = 0; i < 3000; ++i) {
    counts.add(Token{1 + i % 200, static_cast<std::uint16_t>(1 + i % 50), Token::Kind::Copy});
  }
  counts.add(Token{0xFF000000});
  counts.add(Token{63, 1, Token::Kind::Cached});
  return counts;
}

}  // namespace

TEST_CASE("only symbols that come up are present") {
  const PresentSymbols present(copies());
  REQUIRE(present.of(Alphabet::Red).size() == 1);
  CHECK(present.of(Alphabet::Red)[0].place == 0);
  CHECK(present.of(Alphabet::Alpha)[0].place == 0xFF);
  CHECK(present.of(Alphabet::Green).back().place == kFirstCached + 63);
  CHECK(present.of(Alphabet::Green).back().count == 1);
  CHECK(present.extra_bits() == copies().extra_bits());
  CHECK(PresentSymbols(SymbolCounts(6)).of(Alphabet::Distance).empty());
}

TEST_CASE("what a group would take with others is what their sum takes") {
  SymbolCounts sum = pixels();
  sum.add(copies());
  GroupCounts group(pixels());
  CHECK(group.bits() == doctest::Approx(pixels().bits()));
  CHECK(group.bits_with(PresentSymbols(copies())) == doctest::Approx(sum.bits()));
  CHECK(GroupCounts(copies()).bits_with(PresentSymbols(pixels())) == doctest::Approx(sum.bits()));
  CHECK(group.bits() == doctest::Approx(pixels().bits()));
  group.add(PresentSymbols(copies()));
  CHECK(group.bits() == doctest::Approx(sum.bits()));
  CHECK(group.counts().bits() == doctest::Approx(sum.bits()));
}

TEST_CASE("a group without symbols takes what those who join it do") {
  const GroupCounts nothing{SymbolCounts(6)};
  CHECK(nothing.bits_with(PresentSymbols(copies())) == doctest::Approx(copies().bits()));
}
