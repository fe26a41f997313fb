// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/vp8/search.h"

namespace {

using anim::Image;
using anim::PixelFormat;
using anim::vp8::CodedPicture;
using anim::vp8::Macroblock;
using anim::vp8::MacroblockLevels;
using anim::vp8::SegmentCoding;

template <class Luma>
Image picture_of(Luma luma) {
  Image picture(PixelFormat::I420, {16, 16});
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x)
      picture.plane(0)[16 * y + x] = static_cast<std::uint8_t>(luma(x, y));
  }
  std::fill_n(picture.plane(1), 64, 90);
  std::fill_n(picture.plane(2), 64, 160);
  return picture;
}

struct Coded {
  Macroblock macroblock;
  int worst = 0;  ///< error of luma
};

Coded coded(const Image& picture, int index, int candidates) {
  anim::vp8::SourceMacroblock source;
  source.load(picture.view(), 0, 0);
  const SegmentCoding coding{
      .quantizers = anim::vp8::quantizers_at(index),
      .tradeoff = anim::vp8::Tradeoff::at(anim::vp8::quantizers_at(index).luma.ac_step())};
  const anim::vp8::TokenCosts costs(anim::vp8::kDefaultCoefficientProbabilities);
  const anim::vp8::MacroblockSearch search(coding, costs, {candidates});
  CodedPicture out(1, 1);
  MacroblockLevels levels;
  const anim::vp8::Surroundings around{.above_right = out.above_right(0, 0)};
  Coded result{search.code(source.pixels(), out.at(0, 0), around, levels)};
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      const int error = out.at(0, 0).y.at(x, y).data[0] - picture.view().row(0, y)[x];
      result.worst = std::max(result.worst, std::abs(error));
    }
  }
  return result;
}

}  // namespace

TEST_CASE("a flat macroblock stays whole, a busy one is divided") {
  CHECK_FALSE(coded(picture_of([](int, int) { return 77; }), 40, 2).macroblock.has_subblocks);
  // Diagonal stripes that turn half-way: no prediction of the whole fits.
  const Image busy = picture_of([](int x, int y) {
    const int place = y < 8 ? x + y : x - y + 32;
    return 60 + 130 * (place / 4 % 2);
  });
  CHECK(coded(busy, 20, 2).macroblock.has_subblocks);
  CHECK_FALSE(coded(busy, 20, 0).macroblock.has_subblocks);
}

TEST_CASE("what is left in the picture is near the source") {
  std::mt19937 random(1);
  const Image noise = picture_of([&](int, int) { return 80 + random() % 64; });
  CHECK(coded(noise, 0, 2).worst <= 6);
  CHECK(coded(noise, 60, 2).worst > 6);
}

TEST_CASE("edges to the left are found") {
  const Image columns = picture_of([](int x, int) { return x < 8 ? 40 : 200; });
  const Coded found = coded(columns, 10, 3);
  CHECK(found.worst <= 8);
}
