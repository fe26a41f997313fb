// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/colour.h"

using anim::code_range;
using anim::ColourChannel;
using anim::ColourCoding;
using anim::ColourPicture;
using anim::ColourStep;

namespace {

ColourCoding yuv(double kr, double kb, int depth, bool full) {
  const int max = (1 << depth) - 1;
  return {false, kr, kb, code_range(depth, full), {depth > 8 ? 2 : 1, max, 1}};
}

ColourCoding rgb8() {
  return {true, 0, 0, code_range(8, true), {}};
}

/// One pixel through a step; samples are planar, one each.
template <class In>
std::array<int, 3> converted(const ColourStep& step, std::array<In, 3> in) {
  std::array<std::uint8_t, 3> out{};
  ColourPicture<const std::uint8_t> source;
  ColourPicture<std::uint8_t> target;
  for (std::size_t c = 0; c < 3; ++c) {
    source[c] = {reinterpret_cast<const std::uint8_t*>(&in[c]), 0, {0, 1}};
    target[c] = {&out[c], 0, {0, 1}};
  }
  step.run(source, target, {1, 1});
  return {out[0], out[1], out[2]};
}

}  // namespace

TEST_CASE("primary colours come out of every matrix and range") {
  struct Row {
    const char* label;
    ColourCoding in;
    std::array<std::uint16_t, 3> code;
    std::array<int, 3> rgb;
  };
  const Row rows[] = {
      {"BT.709 white", yuv(0.2126, 0.0722, 10, false), {940, 512, 512}, {255, 255, 255}},
      {"BT.709 black", yuv(0.2126, 0.0722, 10, false), {64, 512, 512}, {0, 0, 0}},
      {"BT.709 red", yuv(0.2126, 0.0722, 10, false), {250, 409, 960}, {255, 0, 0}},
      {"BT.601 red", yuv(0.299, 0.114, 10, false), {326, 361, 960}, {255, 0, 0}},
      {"BT.601 full blue", yuv(0.299, 0.114, 10, true), {117, 1023, 429}, {0, 0, 255}},
      {"BT.2020 green", yuv(0.2627, 0.0593, 10, false), {658, 189, 100}, {0, 255, 0}},
      {"below black", yuv(0.2126, 0.0722, 10, false), {0, 512, 512}, {0, 0, 0}},
      {"above white", yuv(0.2126, 0.0722, 10, false), {1023, 512, 512}, {255, 255, 255}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.label);
    const auto rgb = converted(ColourStep(row.in, rgb8(), std::nullopt), row.code);
    for (std::size_t c = 0; c < 3; ++c) {
      CHECK(rgb.at(c) >= row.rgb.at(c) - 1);
      CHECK(rgb.at(c) <= row.rgb.at(c) + 1);
    }
  }
}

TEST_CASE("RGB to YUV and back loses at most rounding") {
  const ColourStep there(rgb8(), yuv(0.299, 0.114, 8, false), std::nullopt);
  const ColourStep back(yuv(0.299, 0.114, 8, false), rgb8(), std::nullopt);
  for (int r = 0; r < 256; r += 51) {
    for (int g = 0; g < 256; g += 51) {
      const auto code = converted<std::uint8_t>(
          there, {static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g), 100});
      const auto rgb = converted<std::uint8_t>(
          back, {static_cast<std::uint8_t>(code[0]), static_cast<std::uint8_t>(code[1]),
                 static_cast<std::uint8_t>(code[2])});
      CHECK(std::abs(rgb[0] - r) <= 2);
      CHECK(std::abs(rgb[1] - g) <= 2);
      CHECK(std::abs(rgb[2] - 100) <= 2);
    }
  }
}

TEST_CASE("pixels that are words become what channels by themselves do") {
  const ColourStep step(yuv(0.2126, 0.0722, 8, false), rgb8(), std::nullopt);
  for (const int count : {1, 63, 64, 65, 200}) {
    CAPTURE(count);
    const auto pixels = static_cast<std::size_t>(count);
    std::vector<std::uint8_t> ayuv(4 * pixels);
    std::mt19937 random(7);
    std::generate(ayuv.begin(), ayuv.end(), [&] { return static_cast<std::uint8_t>(random()); });
    std::vector<std::uint8_t> planes(4 * pixels);
    for (std::size_t i = 0; i < ayuv.size(); ++i) planes[i % 4 * pixels + i / 4] = ayuv[i];
    ColourPicture<const std::uint8_t> packed;
    ColourPicture<const std::uint8_t> apart;
    ColourPicture<std::uint8_t> words;
    ColourPicture<std::uint8_t> channels;
    std::vector<std::uint8_t> bgra(4 * pixels);
    std::vector<std::uint8_t> out(4 * pixels);
    constexpr std::array kFrom = {1, 2, 3, 0};
    constexpr std::array kTo = {2, 1, 0, 3};
    for (std::size_t c = 0; c < 4; ++c) {
      packed[c] = {ayuv.data(), 0, {kFrom[c], 4}};
      apart[c] = {planes.data() + static_cast<std::size_t>(kFrom[c]) * pixels, 0, {0, 1}};
      words[c] = {bgra.data(), 0, {kTo[c], 4}};
      channels[c] = {out.data() + static_cast<std::size_t>(kTo[c]) * pixels, 0, {0, 1}};
    }
    step.run(packed, words, {count, 1});
    step.run(apart, channels, {count, 1});
    int wrong = 0;
    for (std::size_t i = 0; i < bgra.size(); ++i) wrong += bgra[i] != out[i % 4 * pixels + i / 4];
    CHECK(wrong == 0);
  }
}

TEST_CASE("alpha is carried over, or opaque where there is none") {
  const std::array<std::uint8_t, 8> in = {10, 20, 30, 77, 40, 50, 60, 88};
  std::array<std::uint8_t, 8> out{};
  ColourPicture<const std::uint8_t> source;
  ColourPicture<std::uint8_t> target;
  for (int c = 0; c < 4; ++c) {
    source.at(static_cast<std::size_t>(c)) = {in.data(), 8, {c, 4}};
    target.at(static_cast<std::size_t>(c)) = {out.data(), 8, {3 - c, 4}};
  }
  const ColourStep same(rgb8(), rgb8(), std::nullopt);
  same.run(source, target, {2, 1});
  CHECK(out == std::array<std::uint8_t, 8>{77, 30, 20, 10, 88, 60, 50, 40});
  source[3].data = nullptr;
  same.run(source, target, {2, 1});
  CHECK(out[0] == 255);
  CHECK(out[4] == 255);
}
