// SPDX-License-Identifier: LGPL-2.1-or-later
// What we compress, giflib's decoder reads back.
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif.h"
#include "gst/core/lzw.h"
#include "tests/support/gif_reader.h"

namespace {

using anim::Bytes;

/// A picture of `width` columns with `entries` grey levels whose level is the index.
Bytes gif_of(const std::vector<std::uint8_t>& indices, int width, std::size_t entries) {
  anim::GifPicture picture;
  picture.rect = {0, 0, width, static_cast<int>(indices.size()) / width};
  for (std::size_t i = 0; i < entries; ++i) {
    const auto level = static_cast<std::uint8_t>(i);
    picture.colors.push_back({level, level, level});
  }
  picture.codes = anim::lzw_compressed(indices, picture.table_bits());
  auto writer = anim::GifWriter::create(picture.rect.size(), 0).value();
  Bytes out;
  for (const auto& part : {writer->header(), writer->picture(picture, 10, anim::GifDisposal::Keep),
                           writer->trailer()}) {
    out.insert(out.end(), part.value().begin(), part.value().end());
  }
  return out;
}

void check_round_trip(const std::vector<std::uint8_t>& indices, int width, std::size_t entries) {
  const auto gif = anim::test::read_gif(gif_of(indices, width, entries));
  REQUIRE(gif.frames.size() == 1);
  std::vector<std::uint8_t> read;
  for (const anim::Argb pixel : gif.frames[0].canvas) read.push_back(anim::rgb_of(pixel).g);
  REQUIRE(read == indices);
}

}  // namespace

TEST_CASE("index bits are those of the smallest table, at least 2") {
  struct Row {
    std::size_t entries;
    int bits;
  };
  for (const Row row :
       {Row{1, 2}, Row{2, 2}, Row{4, 2}, Row{5, 3}, Row{128, 7}, Row{129, 8}, Row{256, 8}}) {
    CAPTURE(row.entries);
    CHECK(anim::lzw_index_bits(row.entries) == row.bits);
  }
}

TEST_CASE("a known stream: two pixels of two bits") {
  // clear (4), 1, 1, end (5) at three bits, lowest first: 100 001 001 101 -> 0x4C 0x0A
  CHECK(anim::lzw_compressed(std::vector<std::uint8_t>{1, 1}, 2) == Bytes{0x4C, 0x0A});
}

TEST_CASE("every length up to 300 of runs and of noise is read back") {
  std::mt19937 random(3);
  for (int length = 1; length <= 300; ++length) {
    CAPTURE(length);
    check_round_trip(std::vector<std::uint8_t>(length, 3), length, 4);
    std::vector<std::uint8_t> noise(length);
    for (auto& index : noise) index = random() % 4;
    check_round_trip(noise, length, 4);
  }
}

TEST_CASE("long streams that fill the table of 4096 codes are read back") {
  struct Row {
    const char* label;
    std::size_t entries;
    unsigned repeat;  // the mean run
  };
  for (const Row& row :
       {Row{"noise of 256", 256, 1}, Row{"noise of 2", 2, 1}, Row{"noise of 17", 17, 1},
        Row{"runs of 256", 256, 40}, Row{"runs of 5", 5, 1000}}) {
    CAPTURE(row.label);
    std::mt19937 random(5);
    std::vector<std::uint8_t> indices(1000 * 400);
    std::uint8_t index = 0;
    for (auto& out : indices) {
      if (random() % row.repeat == 0) index = random() % row.entries;
      out = index;
    }
    check_round_trip(indices, 1000, row.entries);
  }
}

TEST_CASE("a stream may end at any place around the full table") {
  std::mt19937 random(11);
  std::vector<std::uint8_t> noise(4200);
  for (auto& index : noise) index = random() % 256;
  for (int length = 3800; length <= 4200; ++length) {
    CAPTURE(length);
    check_round_trip({noise.begin(), noise.begin() + length}, length, 256);
  }
}

TEST_CASE("a full table that serves well is kept") {
  // A texture of 200 pixels that repeats: when the table is full, a code covers about 20 pixels;
  // on the way there, and so with a table that is cleared at once, 10 (60 000 bytes in all).
  std::vector<std::uint8_t> indices(400'000);
  std::mt19937 random(7);
  std::vector<std::uint8_t> texture(200);
  for (auto& index : texture) index = random() % 61;
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = texture[i % texture.size()];
  check_round_trip(indices, 1000, 256);
  CHECK(anim::lzw_compressed(indices, 8).size() < 42'000);
}

TEST_CASE("a full table that serves no more is given up") {
  // Noise of the lower indices, then of the upper ones, of which the first table has no strings.
  std::vector<std::uint8_t> indices(400'000);
  std::mt19937 random(8);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const std::uint8_t half = i < indices.size() / 2 ? 0 : 4;
    indices[i] = half + random() % 4;
  }
  check_round_trip(indices, 1000, 256);
  const std::size_t first = anim::lzw_compressed({indices.data(), 200'000}, 8).size();
  CHECK(anim::lzw_compressed(indices, 8).size() < first * 2.1);
}

TEST_CASE("runs compress") {
  const std::vector<std::uint8_t> plain(100'000, 0);
  CHECK(anim::lzw_compressed(plain, 8).size() < 1000);
}
