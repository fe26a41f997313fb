// SPDX-License-Identifier: LGPL-2.1-or-later
// What of a picture that stays is drawn anew.
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_refinement.h"

namespace {

using anim::Argb;
using anim::GifChange;
using anim::GifScreen;
using anim::Rect;
using anim::Rgb;
using anim::Size;

constexpr Size kSize{64, 32};
constexpr Argb kShown = 0xFF646464;
constexpr Argb kFiveOff = 0xFF696969;
constexpr Argb kMoved = 0xFF112233;
constexpr double kQuarter = 0.25;

/// A grey screen.
GifScreen grey_screen() {
  const std::vector<Rgb> colors = {anim::rgb_of(kShown)};
  GifScreen screen(kSize);
  screen.draw({{0, 0, kSize.width, kSize.height},
               colors,
               std::vector<std::uint8_t>(static_cast<std::size_t>(kSize.area()))});
  return screen;
}

/// One pixel at (20, 3) changes; all others stay as they are on screen.
GifChange small_change() {
  GifChange change{
      .rect = {20, 3, 1, 1}, .pixels = {kMoved}, .colors = {}, .dwells = {2}, .stays = {}};
  change.stays.assign(static_cast<std::size_t>(kSize.area()), kShown);
  change.stays[3 * kSize.width + 20] = 0;
  return change;
}

void fill(GifChange& change, const Rect& rect, Argb wanted) {
  for (int y = rect.y; y < rect.bottom(); ++y) {
    for (int x = rect.x; x < rect.right(); ++x) change.stays[y * kSize.width + x] = wanted;
  }
}

void refine(GifChange& change, const GifScreen& screen, double least_error, double share) {
  anim::WorstBlocks(change.stays, screen, least_error).draw(change, share);
}

/// How many pixels of `rect` are drawn as `wanted`.
int drawn(const GifChange& change, const Rect& rect, Argb wanted) {
  int count = 0;
  for (int y = 0; y < change.rect.height; ++y) {
    for (int x = 0; x < change.rect.width; ++x) {
      const int left = x + change.rect.x - rect.x;
      const int top = y + change.rect.y - rect.y;
      const bool is_inside = left >= 0 && left < rect.width && top >= 0 && top < rect.height;
      if (is_inside && change.pixels[y * change.rect.width + x] == wanted) ++count;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("a block that is shown badly is drawn, beside what changes, as what stays") {
  GifChange change = small_change();
  const Rect bad{40, 16, 8, 8};
  fill(change, bad, kFiveOff);
  refine(change, grey_screen(), 24, kQuarter);  // 25 levels²
  CHECK(change.rect == Rect{20, 3, 28, 21});
  REQUIRE(change.pixels.size() == 28 * 21);
  REQUIRE(change.dwells.size() == 28 * 21);
  CHECK(drawn(change, bad, kFiveOff) == 64);
  CHECK(drawn(change, {0, 0, kSize.width, kSize.height}, 0) == 28 * 21 - 64 - 1);
  CHECK(change.pixels[0] == kMoved);
  CHECK(change.dwells[0] == 2);
  CHECK(change.dwells.back() == anim::kLongestDwell);
}

TEST_CASE("what is shown well enough stays") {
  GifChange change = small_change();
  fill(change, {40, 16, 8, 8}, kFiveOff);
  refine(change, grey_screen(), 26, kQuarter);
  CHECK(change.rect == Rect{20, 3, 1, 1});
  CHECK(change.pixels == std::vector<Argb>{kMoved});
}

namespace {

void fill_chequered(GifChange& change, const Rect& rect, Argb even, Argb odd) {
  for (int y = rect.y; y < rect.bottom(); ++y) {
    for (int x = rect.x; x < rect.right(); ++x) {
      fill(change, {x, y, 1, 1}, (x + y) % 2 == 0 ? even : odd);
    }
  }
}

}  // namespace

TEST_CASE("the error of a busy block is seen less") {
  GifChange change = small_change();
  const Rect bad{40, 16, 8, 8};
  fill_chequered(change, bad, 0xFF6E6E6E, kShown);  // 25 levels² off, neighbours 100 apart
  refine(change, grey_screen(), 20, kQuarter);
  CHECK(change.pixels == std::vector<Argb>{kMoved});
  refine(change, grey_screen(), 5, kQuarter);
  CHECK(drawn(change, bad, 0xFF6E6E6E) == 32);
}

TEST_CASE("what is right in the mean of a few pixels, as dithering leaves it, is little seen") {
  GifChange change = small_change();
  fill_chequered(change, {40, 16, 8, 8}, kFiveOff, 0xFF5F5F5F);  // 25 levels² off, neighbours 100
  refine(change, grey_screen(), 1, kQuarter);
  CHECK(change.pixels == std::vector<Argb>{kMoved});
  refine(change, grey_screen(), 0.5, kQuarter);
  CHECK(drawn(change, {40, 16, 8, 8}, kFiveOff) == 32);
}

TEST_CASE("a quarter of the screen is drawn at a time, the worst of it") {
  GifChange change = small_change();
  fill(change, {0, 0, kSize.width, kSize.height}, kFiveOff);
  const Rect worst{48, 24, 16, 8};
  fill(change, worst, 0xFF787878);
  change.stays[3 * kSize.width + 20] = 0;
  refine(change, grey_screen(), 1, kQuarter);
  CHECK(drawn(change, worst, 0xFF787878) == 2 * 64);
  const Rect whole{0, 0, kSize.width, kSize.height};
  const auto others = drawn(change, whole, kFiveOff);
  CHECK(others <= 6 * 64);
  CHECK(others >= 6 * 64 - 1);  // the pixel that changes may be in one of them
  CHECK(drawn(change, whole, kMoved) == 1);
}

TEST_CASE("no more of the screen is refined than its share") {
  GifChange change = small_change();
  constexpr Argb kFiveDarker = 0xFF5F5F5F;
  const Rect whole{0, 0, kSize.width, kSize.height};
  fill(change, whole, kFiveOff);
  fill(change, {0, 28, 24, 4}, kFiveDarker);  // six blocks of 128
  change.pixels = {0};
  change.dwells = {1};
  GifChange second = change;
  change.more_refine = 1;
  GifScreen screen = grey_screen();
  refine(change, screen, 1, 6.0 / 128);  // of the worst twelve, which are as bad as all others
  CHECK(drawn(change, whole, kFiveOff) + drawn(change, whole, kFiveDarker) == 6 * 16);
  refine(second, screen, 1, 6.0 / 128);
  CHECK(drawn(second, whole, kFiveOff) == 6 * 16);
}

TEST_CASE("the darkest of the worst blocks of a still come first") {
  GifChange change = small_change();
  fill(change, {0, 0, 16, 4}, 0xFF6E6E6E);   // four blocks, ten levels off
  fill(change, {0, 28, 16, 4}, 0xFF5A5A5A);  // as much, and darker
  change.pixels = {0};
  change.dwells = {1};
  change.more_refine = 1;
  refine(change, grey_screen(), 1, 4.0 / 128);
  const Rect whole{0, 0, kSize.width, kSize.height};
  CHECK(drawn(change, whole, 0xFF5A5A5A) == 4 * 16);
  CHECK(drawn(change, whole, 0xFF6E6E6E) == 0);
}

TEST_CASE("an error of blue is seen where luma is right") {
  GifChange change = small_change();
  const Rect bluer{40, 16, 8, 8};
  fill(change, bluer, 0xFF626278);  // 20 beyond green's 2 less
  refine(change, grey_screen(), 20, kQuarter);
  CHECK(drawn(change, bluer, 0xFF626278) == 64);
}

TEST_CASE("of any share one block is drawn, of none nothing") {
  GifChange change = small_change();
  fill(change, {40, 16, 8, 8}, kFiveOff);
  refine(change, grey_screen(), 1, 0);
  CHECK(change.pixels == std::vector<Argb>{kMoved});
  refine(change, grey_screen(), 1, 1e-6);
  CHECK(drawn(change, {40, 16, 8, 8}, kFiveOff) == 16);
}

TEST_CASE("a block of which little stays is left alone") {
  GifChange change = small_change();
  fill(change, {0, 0, kSize.width, kSize.height}, 0);
  fill(change, {40, 16, 8, 1}, kFiveOff);
  refine(change, grey_screen(), 1, kQuarter);
  CHECK(change.pixels == std::vector<Argb>{kMoved});
}

TEST_CASE("what is shown well beside it is not drawn again") {
  GifChange change = small_change();
  change.pixels = {0};
  const Rect bad{44, 20, 4, 4};
  fill(change, bad, kFiveOff);
  refine(change, grey_screen(), 1, kQuarter);
  CHECK(drawn(change, bad, kFiveOff) == 16);
  CHECK(drawn(change, {0, 0, kSize.width, kSize.height}, kShown) == 0);
}
