// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/vp8l/prefix_code.h"

using anim::Bytes;
using anim::vp8l::LowBitWriter;
using anim::vp8l::PrefixCode;

namespace {

/// The bits that `symbol` takes.
std::size_t length_of(const PrefixCode& code, std::size_t symbol) {
  LowBitWriter out;
  for (int i = 0; i < 8; ++i) code.put(out, symbol);
  return out.take().size();
}

}  // namespace

TEST_CASE("what is frequent is short") {
  const std::array<std::uint32_t, 5> counts = {1, 0, 8, 2, 4};
  const PrefixCode code(counts);
  CHECK(length_of(code, 2) == 1);
  CHECK(length_of(code, 4) == 2);
  CHECK(length_of(code, 3) == 3);
  CHECK(length_of(code, 0) == 3);
}

TEST_CASE("words are canonical, the first bit first") {
  const std::array<std::uint32_t, 3> counts = {1, 1, 2};
  const PrefixCode code(counts);
  LowBitWriter out;
  code.put(out, 2);  // 0
  code.put(out, 0);  // 10
  code.put(out, 1);  // 11
  CHECK(out.take() == Bytes{0b11010});
}

TEST_CASE("no word is longer than it may be") {
  // Fibonacci's numbers make the deepest tree.
  std::array<std::uint32_t, 19> counts = {1, 1};
  for (std::size_t i = 2; i < counts.size(); ++i)
    counts.at(i) = counts.at(i - 1) + counts.at(i - 2);
  std::size_t longest = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    longest = std::max(longest, length_of(PrefixCode(counts), i));
  }
  CHECK(longest > 7);
  CHECK(longest <= 15);
  CHECK(length_of(PrefixCode(counts, 7), 0) <= 7);
  CHECK(length_of(PrefixCode(counts, 7), 18) < 7);
}

TEST_CASE("a lone symbol takes no bits") {
  const std::array<std::uint32_t, 4> counts = {0, 0, 9, 0};
  CHECK(length_of(PrefixCode(counts), 2) == 0);
  LowBitWriter out;
  PrefixCode(counts).put_code(out);
  CHECK(out.take() == Bytes{0b00010101, 0});  // simple, one, of eight bits: 2
}

TEST_CASE("equal lengths are said as repeats") {
  const std::vector<std::uint32_t> counts(256, 1);
  LowBitWriter out;
  PrefixCode(counts).put_code(out);
  CHECK(out.take().size() < 20);  // 43 repeats of a length and not 256 lengths
}
