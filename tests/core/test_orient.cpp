// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstring>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/orient.h"

using anim::Orientation;
using anim::Size;

namespace {

/// A picture written as text: one character an element, rows ended by '/'.
std::string turned_text(const std::string& text, Orientation orientation, int element) {
  const auto width = static_cast<int>(text.find('/'));
  const int height = static_cast<int>(text.size()) / (width + 1);
  std::vector<std::uint8_t> source(static_cast<std::size_t>(width * height * element));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::memset(source.data() + (y * width + x) * element,
                  text[static_cast<std::size_t>(y * (width + 1) + x)],
                  static_cast<std::size_t>(element));
    }
  }
  const Size out = anim::turned({width, height}, orientation);
  std::vector<std::uint8_t> target(source.size());
  anim::orient_plane({source.data(), width * element, {width, height}, element}, orientation,
                     target.data(), out.width * element);
  std::string result;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const std::uint8_t* at = target.data() + (y * out.width + x) * element;
      for (int i = 1; i < element; ++i) CHECK(at[i] == at[0]);
      result += static_cast<char>(at[0]);
    }
    result += '/';
  }
  return result;
}

}  // namespace

TEST_CASE("all eight orientations of every element size") {
  struct Row {
    const char* label;
    Orientation orientation;
    const char* upright;
  };
  const Row rows[] = {
      {"as stored", {false, false, false}, "abc/def/"},
      {"mirrored left to right", {false, true, false}, "cba/fed/"},
      {"mirrored top to bottom", {false, false, true}, "def/abc/"},
      {"by 180 degrees", {false, true, true}, "fed/cba/"},
      {"transposed", {true, false, false}, "ad/be/cf/"},
      {"by 90 degrees clockwise", {true, true, false}, "da/eb/fc/"},
      {"by 90 degrees counterclockwise", {true, false, true}, "cf/be/ad/"},
      {"across the other diagonal", {true, true, true}, "fc/eb/da/"},
  };
  for (const Row& row : rows) {
    for (int element = 1; element <= 8; ++element) {
      CAPTURE(row.label);
      CAPTURE(element);
      CHECK(turned_text("abc/def/", row.orientation, element) == row.upright);
    }
  }
}

TEST_CASE("pictures larger than a tile keep every element") {
  constexpr Size kSize = {77, 45};
  std::vector<std::uint8_t> source(kSize.width * kSize.height);
  for (std::size_t i = 0; i < source.size(); ++i) source[i] = static_cast<std::uint8_t>(i * 7);
  std::vector<std::uint8_t> turned(source.size());
  std::vector<std::uint8_t> back(source.size());
  const Orientation clockwise = {true, true, false};
  const Orientation counterclockwise = {true, false, true};
  anim::orient_plane({source.data(), kSize.width, kSize, 1}, clockwise, turned.data(),
                     kSize.height);
  CHECK(turned[0] == source[static_cast<std::size_t>(kSize.width * (kSize.height - 1))]);
  anim::orient_plane({turned.data(), kSize.height, {kSize.height, kSize.width}, 1},
                     counterclockwise, back.data(), kSize.width);
  CHECK(back == source);
}

TEST_CASE("a window of the upright picture is found in the stored one") {
  const anim::Window part = {10, 20, 30, 40};
  const Size upright = {100, 200};
  CHECK(stored_window(part, upright, {}) == part);
  CHECK(stored_window(part, upright, {false, true, false}) == anim::Window{60, 20, 30, 40});
  CHECK(stored_window(part, upright, {true, true, false}) == anim::Window{20, 60, 40, 30});
  CHECK(stored_window(part, upright, {true, false, true}) == anim::Window{140, 10, 40, 30});
}

TEST_CASE("mirrored chroma ends where it should be") {
  // Even length: a sample on the left pixel comes from one on the right pixel.
  CHECK(anim::mirrored_offset(0.5, 8, 2) == 1.5);
  CHECK(anim::mirrored_offset(1, 8, 2) == 1);
  // Odd length: the last sample has one pixel, so mirroring moves the grid by a pixel.
  CHECK(anim::mirrored_offset(0.5, 7, 2) == 0.5);
  CHECK(anim::mirrored_offset(1, 7, 2) == 0);
  CHECK(anim::mirrored_offset(0.5, 7, 1) == 0.5);
}
