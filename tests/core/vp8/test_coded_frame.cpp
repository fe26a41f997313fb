// SPDX-License-Identifier: LGPL-2.1-or-later
#include <random>

#include <doctest/doctest.h>

#include "gst/core/vp8/coded_frame.h"

namespace {

using anim::Image;
using anim::PixelFormat;
using anim::vp8::CodedFrame;
using anim::vp8::kMaxSegments;

/// Grey above, noise below.
Image half_busy() {
  std::mt19937 random(1);
  Image picture(PixelFormat::I420, {64, 64});
  for (int i = 0; i < 64 * 64; ++i) {
    picture.plane(0)[i] = static_cast<std::uint8_t>(i < 64 * 32 ? 128 : random() % 256);
  }
  std::fill_n(picture.plane(1), 32 * 32, 128);
  std::fill_n(picture.plane(2), 32 * 32, 128);
  return picture;
}

CodedFrame coded(const Image& picture, const anim::vp8::Segmentation& segments) {
  std::array<anim::vp8::SegmentCoding, kMaxSegments> codings;
  for (auto& coding : codings) {
    coding.quantizers = anim::vp8::quantizers_at(20);
    coding.tradeoff = anim::vp8::Tradeoff::at(coding.quantizers.luma.ac_step());
  }
  return anim::vp8::code_frame(picture.view(), segments, codings, {});
}

}  // namespace

TEST_CASE("macroblocks come in raster order, with their segments") {
  anim::vp8::Segmentation segments;
  for (int i = 0; i < 16; ++i) segments.of.push_back(static_cast<std::uint8_t>(i % 4));
  const CodedFrame frame = coded(half_busy(), segments);
  CHECK(frame.columns == 4);
  CHECK(frame.rows == 4);
  REQUIRE(frame.macroblocks.size() == 16);
  for (std::size_t i = 0; i < 16; ++i) CHECK(frame.macroblocks[i].segment == i % 4);
}

TEST_CASE("what is predicted exactly has no coefficients") {
  const CodedFrame frame = coded(half_busy(), {});
  CHECK_FALSE(frame.macroblocks[0].has_coefficients);  // without neighbours the mean is 128
  CHECK_FALSE(frame.macroblocks[5].has_coefficients);
  CHECK(frame.macroblocks[10].has_coefficients);
}

TEST_CASE("levels are read back in their order") {
  const CodedFrame frame = coded(half_busy(), {});
  anim::vp8::LevelReader reader(frame);
  anim::vp8::MacroblockLevels levels;
  std::size_t read = 0;
  for (const auto& macroblock : frame.macroblocks) {
    if (!macroblock.has_coefficients) continue;
    reader.read(macroblock.modes, levels);
    CHECK(has_coefficients(macroblock.modes, levels));
    visit_blocks(macroblock.modes, [&](anim::vp8::BlockType, int block) {
      read += 1 + static_cast<std::size_t>(levels[block].count);
    });
  }
  CHECK(read == frame.levels.size());
}
