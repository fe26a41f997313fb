// SPDX-License-Identifier: LGPL-2.1-or-later
// What a frame need not draw, since it is on screen already.
#include <cstdlib>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_screen.h"
#include "gst/core/lzw.h"

namespace {

using anim::Argb;
using anim::GifScreen;
using anim::IndexedFrame;
using anim::Rect;
using anim::Rgb;
using anim::Size;
using Indices = std::vector<std::uint8_t>;

constexpr Argb grey(unsigned level) {
  return 0xFF000000U | level * 0x010101U;
}

const std::vector<Rgb> kColors = {{100, 100, 100}, {110, 110, 110}};

}  // namespace

TEST_CASE("pixels stay where what is on screen is as near as the new colour, or within the slack") {
  constexpr Rect rect{0, 0, 4, 1};
  GifScreen screen({4, 1});
  screen.draw({rect, kColors, {0, 0, 0, 2}});  // the last pixel stays blank
  const std::vector<Rgb> next = {{106, 106, 106}};
  IndexedFrame frame{rect, next, {0, 0, 0, 0}, {grey(102), grey(103), grey(104), grey(104)}};
  screen.keep(0, frame);
  CHECK(frame.indices == Indices{1, 1, 0, 0});  // 2 < 4, 3 = 3, 4 > 2, nothing
  screen.keep(anim::kLevelDistance * (16 - 4), frame);
  CHECK(frame.indices == Indices{1, 1, 1, 0});
}

TEST_CASE("a frame of 256 colours has no holes") {
  constexpr Rect rect{0, 0, 2, 1};
  std::vector<Rgb> all;
  for (int i = 0; i < 256; ++i) all.push_back({static_cast<std::uint8_t>(i), 0, 0});
  GifScreen screen({2, 1});
  screen.draw({rect, all, {0, 255}});
  IndexedFrame frame{rect, kColors, {0, 0}, {0xFF000000, 0xFFFF0000}};
  screen.keep(0, frame);
  CHECK(frame.indices == Indices{2, 2});
}

TEST_CASE("what lossy matching leaves is what is on screen") {
  constexpr Rect rect{0, 0, 60, 40};
  std::mt19937 random(2);
  std::vector<Rgb> greys;
  for (int i = 0; i < 128; ++i) greys.push_back(anim::rgb_of(grey(2 * i)));
  IndexedFrame frame{rect, greys};
  constexpr int kLoss = 96 * 96;  // six levels
  for (unsigned i = 0; i < 60 * 40; ++i) {
    frame.pixels.push_back(grey(80 + i % 60 + random() % 5));
    frame.indices.push_back(anim::rgb_of(frame.pixels.back()).g / 2);
    frame.allowed.push_back(kLoss);
  }
  const Indices before = frame.indices;
  GifScreen screen({60, 40});
  const anim::Bytes codes = screen.draw_lossy(frame, 8);
  CHECK(codes.size() < anim::lzw_compressed(before, 8).size());
  CHECK(frame.indices != before);
  IndexedFrame same{rect, kColors, Indices(frame.indices.size())};
  for (const auto index : frame.indices) same.pixels.push_back(anim::opaque(greys[index]));
  screen.keep(0, same);
  CHECK(same.indices == Indices(frame.indices.size(), 2));  // nothing is nearer
}

TEST_CASE("lossy matching leaves alone what its place on screen shows well enough") {
  // The screen is darker from column to column, and a level or two off the frame.
  constexpr Size size = {80, 50};
  constexpr Rect rect{7, 5, 60, 40};
  std::mt19937 random(3);
  std::vector<Rgb> greys;
  for (int i = 0; i < 128; ++i) greys.push_back(anim::rgb_of(grey(2 * i)));
  IndexedFrame behind{{0, 0, size.width, size.height}, greys};
  for (int i = 0; i < size.area(); ++i) {
    behind.indices.push_back(static_cast<std::uint8_t>(100 - i % size.width));
  }
  IndexedFrame frame{rect, greys};
  constexpr int kLoss = 64 * 64;  // four levels
  for (int y = rect.y; y < rect.bottom(); ++y) {
    for (int x = rect.x; x < rect.right(); ++x) {
      const unsigned level = 200 - 2 * static_cast<unsigned>(x) + random() % 8;
      frame.pixels.push_back(grey(level));
      frame.indices.push_back(static_cast<std::uint8_t>(random() % 3 == 0 ? 128 : level / 2));
      frame.allowed.push_back(kLoss);
    }
  }
  const Indices before = frame.indices;
  GifScreen screen(size);
  screen.draw(behind);
  (void)screen.draw_lossy(frame, 8);
  int left_alone = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (frame.indices[i] == before[i]) continue;
    const int x = rect.x + static_cast<int>(i) % rect.width;
    const int y = rect.y + static_cast<int>(i) / rect.width;
    const int shown = anim::rgb_of(screen.shown(static_cast<std::size_t>(y * size.width + x))).g;
    CHECK(std::abs(shown - static_cast<int>(anim::rgb_of(frame.pixels[i]).g)) <= 4);
    if (frame.indices[i] == frame.hole()) ++left_alone;
  }
  CHECK(left_alone > 100);
}

TEST_CASE("a cleared screen keeps nothing") {
  constexpr Rect rect{0, 0, 2, 1};
  GifScreen screen({2, 1});
  screen.draw({rect, kColors, {0, 1}});
  screen.clear();
  IndexedFrame frame{rect, kColors, {0, 1}, {grey(100), grey(110)}};
  screen.keep(1000, frame);
  CHECK(frame.indices == Indices{0, 1});
}

TEST_CASE("a frame is cut to what it draws") {
  IndexedFrame frame{{10, 20, 4, 3}, kColors, {2, 2, 2, 2, 2, 0, 2, 2, 2, 1, 1, 2}};
  for (std::uint8_t i = 0; i < 12; ++i) {
    frame.pixels.push_back(grey(i));
    frame.allowed.push_back(i);
  }
  crop(frame);
  CHECK(frame.rect == Rect{11, 21, 2, 2});
  CHECK(frame.indices == Indices{0, 2, 1, 1});
  CHECK(frame.pixels == std::vector<Argb>{grey(5), grey(6), grey(9), grey(10)});
  CHECK(frame.allowed == std::vector<int>{5, 6, 9, 10});
}

TEST_CASE("a frame that draws nothing is one pixel") {
  IndexedFrame frame{{10, 20, 2, 2}, kColors, {2, 2, 2, 2}, {0, 0, 0, 0}, {1, 1, 1, 1}};
  crop(frame);
  CHECK(frame.rect == Rect{10, 20, 1, 1});
  CHECK(frame.indices == Indices{2});
}
