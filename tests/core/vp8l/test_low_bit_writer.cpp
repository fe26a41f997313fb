// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/vp8l/low_bit_writer.h"

using anim::Bytes;
using anim::vp8l::LowBitWriter;

TEST_CASE("numbers begin at the lowest bit") {
  LowBitWriter out;
  out.put(1, 1);
  out.put(2, 2);  // 01 from the lowest bit
  out.put(0x1FF, 9);
  CHECK(out.take() == Bytes{0b11111101, 0b1111});
  CHECK(out.take().empty());
}

TEST_CASE("a number may have 32 bits, after some that wait") {
  LowBitWriter out;
  out.put(0x7F, 7);
  out.put(0xFFFFFFFE, 32);
  out.put(0, 0);
  CHECK(out.take() == Bytes{0x7F, 0xFF, 0xFF, 0xFF, 0x7F});
}
