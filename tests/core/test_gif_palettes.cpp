// SPDX-License-Identifier: LGPL-2.1-or-later
// Which tables of colours the GIF encoder writes, and what is seen with them.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_frames.h"
#include "tests/core/gif_pictures.h"
#include "tests/core/random_pixels.h"

using namespace anim::test;
using anim::Argb;
using anim::GifSettings;
using anim::Size;

TEST_CASE("with one table for all no frame has its own, and colours are near") {
  constexpr Size size = {96, 64};
  auto frames = series(20, [&](int t) -> Shown { return {scenery(size, 4 * t), t * 100}; });
  const GifSettings settings = {.palette = anim::GifPalette::Global};
  const ShownGif gif = shown({.canvas = size}, settings, frames, 2000);
  REQUIRE(gif.frames.size() == 20);
  for (const auto& frame : gif.frames) CHECK_FALSE(frame.has_own_table);
  for (int t = 0; t < 20; ++t) {
    // The table knows what the first 13 pictures show.
    CHECK(psnr(canvas_at(gif, t * 10), frames[t].pixels) > (t < 13 ? 24 : 14));
  }
  int own = 0;
  for (const auto& frame :
       shown({.canvas = size}, {.palette = anim::GifPalette::PerFrame}, frames, 2000).frames) {
    own += frame.has_own_table ? 1 : 0;
  }
  CHECK(own == 19);
}

TEST_CASE("with one table for all a film after a black beginning is seen") {
  constexpr Size size = {96, 64};
  auto frames = series(30, [&](int t) -> Shown {
    return {t < 20 ? std::vector<Argb>(size.area(), 0xFF000000) : scenery(size, 4 * t), t * 100};
  });
  const ShownGif gif = shown({.canvas = size}, {.palette = anim::GifPalette::Global}, frames, 3000);
  CHECK(psnr(canvas_at(gif, 250), frames[25].pixels) > 14);
}

TEST_CASE("a power of two of colours leaves the first frame's table of use to others") {
  constexpr Size size = {160, 120};
  auto frames = series(6, [&](int t) -> Shown {
    std::vector<Argb> pixels =
        anim::test::random_pixels(static_cast<std::size_t>(size.area()), static_cast<unsigned>(t));
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const auto x = static_cast<Argb>((i % size.width + 20 * t) % size.width);
      const auto y = static_cast<Argb>(i / size.width);
      pixels[i] = 0xFF000000U | ((pixels[i] & 0x1F1F1FU) + (x << 16 | y << 8 | (x + y) / 2));
    }
    return {pixels, t * 100};
  });
  for (const unsigned colors : {16U, 64U, 128U}) {
    CAPTURE(colors);
    const auto gif = shown({.canvas = size}, {.quality = 20, .colors = colors}, frames, 600);
    for (const auto& frame : gif.frames) CHECK_FALSE(frame.has_own_table);
  }
}

TEST_CASE("a frame that has the first's colours uses its table, also when it needs a hole") {
  constexpr Size size = {64, 48};
  for (const int colors : {5, 16, 200, 256}) {
    CAPTURE(colors);
    auto frames = series(6, [&](int t) -> Shown { return {stripes(size, colors, t), t * 100}; });
    for (const auto palette : {anim::GifPalette::Auto, anim::GifPalette::Global}) {
      const ShownGif gif = shown({.canvas = size}, {.palette = palette}, frames, 600);
      for (const auto& frame : gif.frames) {
        if (palette == anim::GifPalette::Global) CHECK_FALSE(frame.has_own_table);
      }
      if (palette == anim::GifPalette::Global && colors == 256) continue;  // one too many
      for (int t = 0; t < 6; ++t) CHECK(canvas_at(gif, t * 10) == frames[t].pixels);
    }
  }
}

TEST_CASE("with one table for all a drawing that comes later loses no more than what stays") {
  constexpr Size size = {96, 64};
  const auto slide = [&](int t) {
    std::vector<Argb> pixels = scenery(size, 4 * t);
    for (Argb& pixel : pixels) pixel = (pixel & 0xFFE0E0C0U) | 0x00101020U;  // few colours
    return pixels;
  };
  auto frames = series(26, [&](int t) -> Shown {
    return {t < 20 ? scenery(size, 4 * t) : slide(t - 20), t * 100};
  });
  const auto canvas_with = [&](unsigned lossy) {
    const GifSettings settings = {.palette = anim::GifPalette::Global, .lossy = lossy};
    return canvas_at(shown({.canvas = size}, settings, frames, 2600), 220);
  };
  const auto best = canvas_with(0);
  CHECK(best != frames[22].pixels);  // the table lacks its colours
  const auto lost = canvas_with(50);
  int others = 0;
  for (std::size_t i = 0; i < best.size(); ++i) others += best[i] != lost[i] ? 1 : 0;
  CHECK(others < 50);  // of 6144
}
