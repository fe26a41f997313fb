// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/byte_range.h"

using namespace anim::service;

namespace {

// "whole", "outside" or "offset+length".
std::string of(const char* text, std::uint64_t size = 100) {
  const ByteRange range = byte_range(text, size);
  if (range.kind == ByteRange::Kind::Whole) return "whole";
  if (range.kind == ByteRange::Kind::NotInside) return "outside";
  return std::to_string(range.bytes.offset) + "+" + std::to_string(range.bytes.length);
}

}  // namespace

TEST_CASE("ranges that a video element asks for") {
  CHECK(of("bytes=0-") == "0+100");
  CHECK(of("bytes=10-19") == "10+10");
  CHECK(of("bytes=99-99") == "99+1");
  CHECK(of("bytes=90-1000") == "90+10");
  CHECK(of("bytes=-30") == "70+30");
  CHECK(of("bytes=-300") == "0+100");
}

TEST_CASE("ranges outside of the object") {
  CHECK(of("bytes=100-") == "outside");
  CHECK(of("bytes=100-200") == "outside");
  CHECK(of("bytes=-0") == "outside");
  CHECK(of("bytes=0-", 0) == "outside");
  CHECK(of("bytes=-5", 0) == "outside");
}

TEST_CASE("what is not understood means all of it") {
  for (const char* text :
       {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=1-2,4-5", "lines=1-2",
        "bytes=1-x", "bytes=99999999999999999999-", "bytes=--1"}) {
    CAPTURE(text);
    CHECK(of(text) == "whole");
  }
}
