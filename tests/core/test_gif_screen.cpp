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

TEST_CASE("what is on screen took the bytes of its frames, as far as they are to be seen") {
  constexpr Size kFour{4, 1};
  GifScreen screen(kFour);
  const std::vector<Rgb> colors = {{1, 2, 3}};
  const std::vector<Argb> all(4, 0xFF000000);
  CHECK(screen.bytes_of(all) == 0);
  screen.pay(100, {{0, 0, 4, 1}, colors, {0, 0, 0, 0}});
  CHECK(screen.bytes_of(all) == 100);
  for (int i = 0; i < 2; ++i) {
    screen.pay(60, {{0, 0, 4, 1}, colors, {0, 1, 1, 1}});  // the same quarter
    CHECK(screen.bytes_of(all) == doctest::Approx(75 + 60));
  }
  CHECK(screen.bytes_of({0, 0xFF000000, 0, 0}) == doctest::Approx(25));
  screen.pay(60, {{0, 0, 4, 1}, colors, {1, 1, 1, 1}});  // draws nothing
  screen.pay(0, {{1, 0, 2, 1}, colors, {0, 0}});
  CHECK(screen.bytes_of(all) == doctest::Approx(25 + 60));
  screen.clear();
  CHECK(screen.bytes_of(all) == 0);
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

TEST_CASE(
    "a frame that is drawn to its edges is not cut, and one without losses has none after it") {
  IndexedFrame frame{{3, 4, 3, 2}, kColors, {0, 2, 2, 2, 2, 1}};
  for (std::uint8_t i = 0; i < 6; ++i) frame.pixels.push_back(grey(i));
  crop(frame);
  CHECK(frame.rect == Rect{3, 4, 3, 2});
  CHECK(frame.indices == Indices{0, 2, 2, 2, 2, 1});
  frame.indices = {0, 1, 2, 1, 0, 2};
  crop(frame);
  CHECK(frame.rect == Rect{3, 4, 2, 2});
  CHECK(frame.indices == Indices{0, 1, 1, 0});
  CHECK(frame.pixels == std::vector<Argb>{grey(0), grey(1), grey(3), grey(4)});
  CHECK(frame.allowed.empty());
}

TEST_CASE("a part of the canvas keeps what is shown in its place") {
  constexpr Size size = {37, 9};
  constexpr Rect rect{5, 2, 30, 6};
  std::mt19937 random(5);
  std::vector<Rgb> greys;
  for (int i = 0; i < 200; ++i) greys.push_back(anim::rgb_of(grey(i)));
  const auto index = [&] { return static_cast<std::uint8_t>(random() % 200); };
  GifScreen screen(size);
  IndexedFrame behind{{1, 1, 33, 7}, greys};  // a margin stays blank
  for (int i = 0; i < behind.rect.size().area(); ++i) behind.indices.push_back(index());
  screen.draw(behind);
  IndexedFrame frame{rect, greys};
  Indices expected;
  constexpr int kSlack = 40 * anim::kLevelDistance;
  for (int i = 0; i < rect.size().area(); ++i) {
    const Argb wanted = grey(index());
    const bool is_hole = random() % 4 == 0;
    frame.pixels.push_back(wanted);
    frame.indices.push_back(is_hole ? static_cast<std::uint8_t>(frame.hole()) : index());
    const int place = (rect.y + i / rect.width) * size.width + rect.x + i % rect.width;
    const Argb shown = screen.shown(static_cast<std::size_t>(place));
    const auto apart = [&](Rgb color) { return color_distance(color, anim::rgb_of(wanted)); };
    const bool stays = is_hole || (shown != 0 && apart(anim::rgb_of(shown)) <=
                                                     apart(greys[frame.indices.back()]) + kSlack);
    expected.push_back(stays ? static_cast<std::uint8_t>(frame.hole()) : frame.indices.back());
  }
  screen.keep(kSlack, frame);
  CHECK(frame.indices == expected);
  GifScreen before = screen;
  screen.draw(frame);
  for (int i = 0; i < rect.size().area(); ++i) {
    const auto place =
        static_cast<std::size_t>((rect.y + i / rect.width) * size.width + rect.x + i % rect.width);
    const auto drawn = static_cast<std::size_t>(expected[static_cast<std::size_t>(i)]);
    const bool stays = drawn == greys.size();
    CHECK(screen.shown(place) == (stays ? before.shown(place) : anim::opaque(greys[drawn])));
  }
}

TEST_CASE("lossy matching of a smaller frame after a larger one is that of a new screen") {
  std::mt19937 random(6);
  std::vector<Rgb> greys;
  for (int i = 0; i < 128; ++i) greys.push_back(anim::rgb_of(grey(2 * i)));
  const auto frame_of = [&](const Rect& rect) {
    IndexedFrame frame{rect, greys};
    for (int i = 0; i < rect.size().area(); ++i) {
      frame.pixels.push_back(grey(80 + static_cast<unsigned>(i % 40) + random() % 5));
      frame.indices.push_back(anim::rgb_of(frame.pixels.back()).g / 2);
      frame.allowed.push_back(96 * 96);
    }
    return frame;
  };
  IndexedFrame large = frame_of({0, 0, 50, 30});
  IndexedFrame small = frame_of({20, 10, 20, 15});
  GifScreen screen({50, 30});
  (void)screen.draw_lossy(large, 8);
  GifScreen fresh({50, 30});
  fresh.draw(large);
  IndexedFrame again = small;
  CHECK(screen.draw_lossy(small, 8) == fresh.draw_lossy(again, 8));
  CHECK(small.indices == again.indices);
}
