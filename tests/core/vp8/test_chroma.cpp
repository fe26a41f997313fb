// SPDX-License-Identifier: LGPL-2.1-or-later
#include <random>

#include <doctest/doctest.h>

#include "gst/core/vp8/chroma.h"

namespace {

using anim::Image;
using anim::PixelFormat;
using anim::vp8::BlockMode;
using anim::vp8::CodedPicture;
using anim::vp8::MacroblockLevels;
using anim::vp8::SegmentCoding;

/// Two macroblocks beside each other; of the chroma, of which U and V are alike.
template <class Chroma>
Image picture_of(Chroma chroma) {
  Image picture(PixelFormat::I420, {32, 16});
  std::fill_n(picture.plane(0), 32 * 16, 100);
  for (int i = 0; i < 16 * 8; ++i) {
    picture.plane(1)[i] = picture.plane(2)[i] = static_cast<std::uint8_t>(chroma(i % 16, i / 16));
  }
  return picture;
}

struct Coded {
  BlockMode mode = BlockMode::Dc;  ///< of the second macroblock
  std::int64_t error = 0;          ///< of both planes of both
  int levels = 0;
};

Coded coded(const Image& picture, int index, int candidates) {
  const auto quantizers = anim::vp8::quantizers_at(index);
  const SegmentCoding coding{.quantizers = quantizers,
                             .tradeoff = anim::vp8::Tradeoff::at(quantizers.luma.ac_step())};
  const anim::vp8::TokenCosts costs(anim::vp8::kDefaultCoefficientProbabilities);
  const anim::vp8::ChromaSearch search(coding, costs, {.chroma_candidates = candidates});
  CodedPicture out(2, 1);
  Coded result;
  for (int column = 0; column < 2; ++column) {
    anim::vp8::SourceMacroblock source;
    source.load(picture.view(), column, 0);
    const anim::vp8::Surroundings around{.has_left = column > 0};
    MacroblockLevels levels;
    result.mode = search.code(source.pixels(), out.at(column, 0), around, levels);
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x < 8; ++x) {
        const int u = out.at(column, 0).u.at(x, y).data[0] - source.pixels().u.at(x, y).data[0];
        const int v = out.at(column, 0).v.at(x, y).data[0] - source.pixels().v.at(x, y).data[0];
        result.error += u * u + v * v;
      }
    }
    for (int i = anim::vp8::kFirstU; i < anim::vp8::kLumaDcBlock; ++i) {
      result.levels += levels[i].count;
    }
  }
  return result;
}

}  // namespace

TEST_CASE("what goes on from the left is predicted from there") {
  const Coded rows = coded(picture_of([](int, int y) { return 60 + 20 * y; }), 10, 4);
  CHECK(rows.mode == BlockMode::Horizontal);
  CHECK(rows.error < 2 * 128 * 16);
}

TEST_CASE("a finer quantiser is nearer") {
  std::mt19937 random(1);
  const Image noise = picture_of([&](int, int) { return 90 + random() % 64; });
  CHECK(coded(noise, 0, 1).error * 10 < coded(noise, 80, 1).error);
  CHECK(coded(noise, 0, 1).levels > coded(noise, 80, 1).levels);
}

TEST_CASE("modes that are coded to be compared lower the errors and bits of pictures") {
  std::mt19937 random(1);
  std::int64_t one = 0;
  std::int64_t four = 0;
  for (int i = 0; i < 200; ++i) {
    const int slope = static_cast<int>(random() % 9) - 4;
    const Image picture = picture_of([&](int x, int y) {
      return 128 + slope * (x - 8) + static_cast<int>(random() % 9) * (y - 4) / 2;
    });
    one += coded(picture, 40, 1).error;
    four += coded(picture, 40, 4).error;
  }
  CHECK(four < one);
}
