// SPDX-License-Identifier: LGPL-2.1-or-later
// What the coder writes, the decoder of RFC 6386 reads.
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/vp8/bool_encoder.h"
#include "tests/support/vp8_bool_decoder.h"

using anim::vp8::BoolEncoder;

namespace {

struct Bit {
  bool value;
  int probability;
};

void check_round_trip(const std::vector<Bit>& bits) {
  BoolEncoder encoder;
  for (const Bit& bit : bits) encoder.put(bit.value, bit.probability);
  anim::test::Vp8BoolDecoder decoder(encoder.take());
  std::size_t wrong = 0;
  for (const Bit& bit : bits) wrong += decoder.get(bit.probability) == bit.value ? 0 : 1;
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("bits of any probability come back") {
  std::mt19937 random(1);
  for (const std::size_t count : {0, 1, 7, 8, 9, 1000, 100000}) {
    CAPTURE(count);
    std::vector<Bit> bits;
    for (std::size_t i = 0; i < count; ++i) {
      const int probability = 1 + static_cast<int>(random() % 255);
      bits.push_back({static_cast<int>(random() % 256) >= probability, probability});
    }
    check_round_trip(bits);
  }
}

TEST_CASE("a carry runs through bytes that are full") {
  // Improbable ones push the low end up against the next byte again and again.
  std::vector<Bit> bits;
  for (int i = 0; i < 200; ++i) bits.push_back({true, 255});
  for (int i = 0; i < 4000; ++i) bits.push_back({i % 50 == 49, 1 + i % 255});
  check_round_trip(bits);
}

TEST_CASE("probable bits are cheap") {
  BoolEncoder encoder;
  for (int i = 0; i < 8000; ++i) encoder.put(false, 250);
  CHECK(encoder.take().size() < 8000 / 8 / 20);
}

TEST_CASE("numbers come back") {
  BoolEncoder encoder;
  encoder.put_bits(0x2A5, 10);
  encoder.put_optional_signed(0, 7);
  encoder.put_optional_signed(-93, 7);
  encoder.put_optional_signed(5, 4);
  anim::test::Vp8BoolDecoder decoder(encoder.take());
  CHECK(decoder.get_bits(10) == 0x2A5);
  CHECK(decoder.get_bits(1) == 0);
  CHECK(decoder.get_bits(9) == ((1 << 8) | (93 << 1) | 1));
  CHECK(decoder.get_bits(6) == ((1 << 5) | (5 << 1)));
}
