// SPDX-License-Identifier: LGPL-2.1-or-later
// When a frame has a table of its own, and of how many colours.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_tables.h"
#include "gst/core/histogram.h"
#include "tests/core/random_pixels.h"

namespace {

using anim::Argb;
using anim::GifChange;
using anim::GifPalette;
using anim::Palette;
using anim::Rgb;
using anim::test::random_pixels;

/// Of pixels in a row.
GifChange change_of(std::vector<Argb> pixels) {
  GifChange change;
  change.rect = {0, 0, static_cast<int>(pixels.size()), 1};
  if (auto colors = anim::exact_colors(pixels, 255)) {
    change.is_exact = true;
    change.colors = std::move(*colors);
  }
  change.pixels = std::move(pixels);
  return change;
}

std::vector<Argb> dark(std::size_t count, unsigned seed) {
  std::vector<Argb> pixels = random_pixels(count, seed);
  for (Argb& pixel : pixels) pixel &= 0xFF3F3F3FU;
  return pixels;
}

Palette first_of(const GifChange& change, GifPalette palette = GifPalette::Auto) {
  return anim::first_table({&change}, palette, 255);
}

}  // namespace

TEST_CASE("a frame like the first has the first's table where bytes count") {
  const GifChange first = change_of(dark(50'000, 1));
  const GifChange like = change_of(dark(2'000, 2));
  const Palette table = first_of(first);
  const auto next = [&](GifPalette palette, double worth) {
    return anim::next_table(like, table, palette, {.most = 255, .byte_worth = worth});
  };
  CHECK(next(GifPalette::Auto, 60).colors == table.colors);
  CHECK(next(GifPalette::Auto, 60).spread > 0);
  CHECK(next(GifPalette::Auto, 0).colors != table.colors);
  CHECK(next(GifPalette::PerFrame, 60).colors != table.colors);
  CHECK(next(GifPalette::Global, 0).colors == table.colors);
}

TEST_CASE("a frame of other colours has its own table, and one of 256 is not for holes") {
  const GifChange first = change_of(dark(50'000, 1));
  const Palette table = first_of(first);
  std::vector<Argb> bright = dark(2'000, 2);
  for (Argb& pixel : bright) pixel |= 0xFFC0C0C0U;
  const Palette own =
      anim::next_table(change_of(bright), table, GifPalette::Auto, {.most = 255, .byte_worth = 60});
  CHECK(own.colors != table.colors);
  CHECK(own.spread < 10);
  const GifChange like = change_of(dark(2'000, 2));
  const Palette fewer =
      anim::next_table(like, table, GifPalette::Auto, {.most = 100, .byte_worth = 60});
  CHECK(fewer.colors.size() <= 100);
}

TEST_CASE("few pixels get a small table, many or valuable ones a large one") {
  const Palette none;
  const auto count = [&](std::size_t pixels, double worth) {
    return anim::next_table(change_of(random_pixels(pixels, 3)), none, GifPalette::PerFrame,
                            {.most = 255, .byte_worth = worth})
        .colors.size();
  };
  CHECK(count(300, 2000) <= 63);
  CHECK(count(300, 0) > 200);
  CHECK(count(50'000, 2000) > 200);
}

TEST_CASE("exact frames share a table only where it has all their colours and costs no more bits") {
  std::vector<Argb> greys;
  for (Argb i = 0; i < 200; ++i) greys.push_back(0xFF000000U | i * 0x010101U);
  const Palette table = first_of(change_of(greys));
  CHECK(table.colors.size() == 200);
  const auto next = [&](const std::vector<Argb>& pixels, GifPalette palette) {
    return anim::next_table(change_of(pixels), table, palette, {.most = 255, .byte_worth = 60});
  };
  const std::vector<Argb> part(greys.begin(), greys.begin() + 150);
  const std::vector<Argb> small(greys.begin(), greys.begin() + 5);
  std::vector<Argb> other = part;
  other[0] = 0xFF123456;
  CHECK(next(part, GifPalette::Auto).colors.size() == 200);
  CHECK(next(small, GifPalette::Auto).colors.size() == 5);
  CHECK(next(other, GifPalette::Auto).colors.size() == 150);
  CHECK(next(part, GifPalette::PerFrame).colors.size() == 150);
  CHECK(next(small, GifPalette::Global).colors.size() == table.colors.size());
  CHECK(next(small, GifPalette::Global).spread == 0);
  CHECK(next(other, GifPalette::Global).spread > 0);
}

TEST_CASE("one table for all has the colours of all that is known, and something near any other") {
  const GifChange first = change_of({0xFF101010, 0xFF202020});
  const GifChange second = change_of({0xFF303030});
  const Palette exact = anim::first_table({&first, &second}, GifPalette::Global, 255);
  const std::vector<Rgb> known = {{16, 16, 16}, {32, 32, 32}, {48, 48, 48}};
  CHECK(std::includes(exact.colors.begin(), exact.colors.end(), known.begin(), known.end()));
  CHECK(exact.colors.size() == 3 + 64);
  CHECK(exact.spread == 0);
  const Palette cramped = anim::first_table({&first, &second}, GifPalette::Global, 16);
  CHECK(std::includes(cramped.colors.begin(), cramped.colors.end(), known.begin(), known.end()));
  CHECK(cramped.colors.size() == 16);
  const GifChange many = change_of(dark(50'000, 1));
  const GifChange red = change_of(std::vector<Argb>(500, 0xFFF01010));
  const Palette table = anim::first_table({&many, &red}, GifPalette::Global, 255);
  CHECK(table.colors.size() <= 255);
  CHECK(anim::palette_spread(anim::color_bins(red.pixels), table.colors) < 3);
  const auto unseen = anim::color_bins(std::vector<Argb>(1, 0xFF20E0E0));
  CHECK(anim::palette_spread(unseen, table.colors) < 50);
  CHECK(anim::palette_spread(unseen, first_of(many).colors) > 100);
}

TEST_CASE("after transparent pictures alone, one table for all has colours from everywhere") {
  const GifChange nothing = change_of(std::vector<Argb>(10, 0));
  const Palette table = anim::first_table({&nothing}, GifPalette::Global, 255);
  CHECK(table.colors.size() == 64);
}
