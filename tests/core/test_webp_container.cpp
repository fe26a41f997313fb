// SPDX-License-Identifier: LGPL-2.1-or-later
// The bytes of the container, and its limits on frames that are made up.
#include <string>

#include <doctest/doctest.h>

#include "gst/core/webp_container.h"

namespace {

using anim::Bytes;
using anim::WebpContainer;
using anim::WebpFrame;

const anim::AnimationInfo kInfo{.canvas = {300, 200}, .plays = 0x0102, .background = 0x11223344};

Bytes chunk(const std::string& name, std::size_t size) {
  Bytes out(name.begin(), name.end());
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
  out.resize(out.size() + size);
  return out;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

WebpFrame small_frame() {
  return {{16, 32, 48, 7}, chunk("VP8 ", 6)};
}

std::uint32_t little(const Bytes& bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) {
    value = value << 8 | bytes.at(at + static_cast<std::size_t>(i));
  }
  return value;
}

}  // namespace

TEST_CASE("the header says canvas, plays and background") {
  const Bytes header = WebpContainer(kInfo).header();
  REQUIRE(header.size() == 44);
  CHECK(little(header, 24, 3) == 299);
  CHECK(little(header, 27, 3) == 199);
  CHECK(little(header, 38, 4) == 0x11223344);
  CHECK(little(header, 42, 2) == 0x0102);
}

TEST_CASE("a frame says whether it replaces its area or is laid over it") {
  WebpContainer container(kInfo);
  (void)container.header();
  WebpFrame frame = small_frame();
  CHECK(container.frame(frame, 1).value().at(8 + 15) == 0x02);
  frame.blends = true;
  CHECK(container.frame(frame, 1).value().at(8 + 15) == 0x00);
}

TEST_CASE("a frame says its area in twos, its size less one and its duration") {
  WebpContainer container(kInfo);
  (void)container.header();
  const Bytes frame = container.frame(small_frame(), 0x010203).value();
  REQUIRE(frame.size() == 8 + 16 + 14);
  CHECK(little(frame, 4, 4) == 16 + 14);
  CHECK(little(frame, 8, 3) == 8);
  CHECK(little(frame, 11, 3) == 16);
  CHECK(little(frame, 14, 3) == 47);
  CHECK(little(frame, 17, 3) == 6);
  CHECK(little(frame, 20, 3) == 0x010203);
  CHECK(frame.at(23) == 2);
}

TEST_CASE("the patches hold the file's size and whether there is alpha") {
  struct Case {
    const char* label;
    Bytes chunks;
    int flags;
  };
  Bytes lossless_with_alpha = chunk("VP8L", 6);
  lossless_with_alpha[8 + 4] = 0x10;
  const Case cases[] = {
      {"lossy", chunk("VP8 ", 6), 0x02},
      {"lossy with alpha", joined({chunk("ALPH", 2), chunk("VP8 ", 6)}), 0x12},
      {"lossless", chunk("VP8L", 6), 0x02},
      {"lossless with alpha", lossless_with_alpha, 0x12},
  };
  for (const Case& row : cases) {
    CAPTURE(row.label);
    WebpContainer container(kInfo);
    const std::size_t size =
        container.header().size() + container.frame({{0, 0, 4, 4}, row.chunks}, 5).value().size();
    const auto patches = container.patches();
    REQUIRE(patches.size() == 2);
    CHECK(patches[0].offset == 4);
    CHECK(little(patches[0].bytes, 0, 4) == size - 8);
    CHECK(patches[1].offset == 20);
    CHECK(patches[1].bytes == Bytes{static_cast<std::uint8_t>(row.flags)});
  }
}

TEST_CASE("a duration of more than 24 bits becomes several chunks of the same frame") {
  WebpContainer container(kInfo);
  (void)container.header();
  const std::size_t one = 8 + 16 + 14;
  const Bytes fits = container.frame(small_frame(), 0xFFFFFF).value();
  CHECK(fits.size() == one);
  const Bytes split = container.frame(small_frame(), 2 * anim::Ticks{0xFFFFFF} + 1).value();
  REQUIRE(split.size() == 3 * one);
  CHECK(little(split, 20, 3) == 0xFFFFFF);
  CHECK(little(split, one + 20, 3) == 0xFFFFFF);
  CHECK(little(split, 2 * one + 20, 3) == 1);
}

TEST_CASE("a file past 4 GiB is refused, what is written before counts") {
  WebpContainer container(kInfo);
  std::uint64_t written = container.header().size();
  const WebpFrame frame{{0, 0, 16, 16}, chunk("VP8 ", std::size_t{1} << 20)};
  const std::uint64_t one = frame.chunks.size() + 24;
  const std::uint64_t fitting = (anim::kWebpMaxFile - written) / one;
  for (int i = 0; i < 3; ++i) written += container.frame(frame, 1).value().size();
  // Refused by arithmetic: nothing of that size is ever made.
  const auto refused =
      container.frame(frame, static_cast<anim::Ticks>(fitting - 2) * anim::kWebpMaxDuration);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == anim::ErrorCode::LimitExceeded);
  CHECK(written + (fitting - 2) * one > anim::kWebpMaxFile);
  CHECK(container.frame(frame, 1).ok());
}

TEST_CASE("the image chunks of a still file are found, and a broken file is refused") {
  const Bytes riff = joined({chunk("RIFF", 0), {'W', 'E', 'B', 'P'}});
  const Bytes image = joined({chunk("ALPH", 4), chunk("VP8 ", 6)});
  CHECK(anim::webp_image_chunks(joined({riff, chunk("VP8X", 10), image})).value() == image);
  Bytes odd = joined({riff, chunk("VP8 ", 5), {0}});
  CHECK(anim::webp_image_chunks(odd).value().size() == 14);
  odd.pop_back();
  CHECK_FALSE(anim::webp_image_chunks(odd).ok());
  CHECK_FALSE(anim::webp_image_chunks(riff).ok());
}

TEST_CASE("metadata comes after the frames, and the flags say so") {
  struct Case {
    Bytes exif;
    Bytes xmp;
    std::uint32_t flags;
  };
  const Case cases[] = {{{}, {}, 0x02},
                        {Bytes(5, 'e'), {}, 0x0A},
                        {{}, Bytes(4, 'x'), 0x06},
                        {Bytes(5, 'e'), Bytes(4, 'x'), 0x0E}};
  for (const Case& row : cases) {
    CAPTURE(row.flags);
    anim::AnimationInfo info = kInfo;
    info.exif = row.exif;
    info.xmp = row.xmp;
    WebpContainer container(info);
    Bytes file = container.header();
    const Bytes frame = container.frame(small_frame(), 40).value();
    file.insert(file.end(), frame.begin(), frame.end());
    const Bytes trailer = container.trailer();
    file.insert(file.end(), trailer.begin(), trailer.end());
    std::size_t expected = 0;
    if (!row.exif.empty()) {
      CHECK(std::string(trailer.begin(), trailer.begin() + 4) == "EXIF");
      CHECK(little(trailer, 4, 4) == 5);
      expected += 8 + 6;  // padded
    }
    if (!row.xmp.empty()) {
      CHECK(std::string(trailer.begin() + static_cast<std::ptrdiff_t>(expected),
                        trailer.begin() + static_cast<std::ptrdiff_t>(expected) + 4) == "XMP ");
      expected += 8 + 4;
    }
    CHECK(trailer.size() == expected);
    const auto patches = container.patches();
    CHECK(little(patches[0].bytes, 0, 4) == file.size() - 8);
    CHECK(little(patches[1].bytes, 0, 1) == row.flags);
  }
}
