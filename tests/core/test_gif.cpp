// SPDX-License-Identifier: LGPL-2.1-or-later
// The GIF encoder from pictures to bytes, read back by giflib and composed as a viewer does.
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_frames.h"
#include "tests/core/gif_pictures.h"

using namespace anim::test;
using anim::AnimationInfo;
using anim::Argb;
using anim::Bytes;
using anim::GifDither;
using anim::GifSettings;
using anim::Nanoseconds;
using anim::Size;

TEST_CASE("pictures of few colours are kept exactly at default settings") {
  constexpr Size size = {64, 48};
  for (const int colors : {1, 2, 3, 100, 255, 256}) {
    CAPTURE(colors);
    auto frames = series(12, [&](int t) -> Shown { return {stripes(size, colors, t), t * 100}; });
    const ShownGif gif = shown({.canvas = size}, {}, frames, 1200);
    for (int t = 0; t < 12; ++t) CHECK(canvas_at(gif, t * 10) == frames[t].pixels);
  }
}

TEST_CASE("a picture of few colours after one of many is exact too") {
  constexpr Size size = {64, 48};
  const Pixels few = stripes(size, 200, 3);
  Pixels mixed = scenery(size, 0);
  std::copy_n(few.begin(), few.size() / 2, mixed.begin());
  const ShownGif gif =
      shown({.canvas = size}, {}, {{scenery(size, 0), 0}, {mixed, 100}, {few, 200}}, 300);
  REQUIRE(gif.frames.size() == 3);
  CHECK(gif.frames[2].canvas == few);
}

TEST_CASE("pictures of many colours come close") {
  constexpr Size size = {160, 120};
  struct Row {
    const char* label;
    GifSettings settings;
    double least;  // dB
  };
  for (const Row& row : {Row{"default", {}, 29}, Row{"none", {.dither = GifDither::None}, 31},
                         Row{"ordered", {.dither = GifDither::Ordered}, 29},
                         Row{"floyd-steinberg", {.dither = GifDither::FloydSteinberg}, 28},
                         Row{"best", {.quality = 100}, 29}, Row{"16 colours", {.colors = 16}, 20},
                         Row{"2 colours", {.colors = 2}, 9}, Row{"worst", {.quality = 1}, 20}}) {
    CAPTURE(row.label);
    auto frames = series(6, [&](int t) -> Shown { return {scenery(size, 4 * t), t * 100}; });
    const ShownGif gif = shown({.canvas = size}, row.settings, frames, 600);
    for (int t = 0; t < 6; ++t) {
      CAPTURE(t);
      CHECK(psnr(canvas_at(gif, t * 10), frames[t].pixels) > row.least);
    }
    for (const auto& frame : gif.frames) {
      const int transparent = frame.transparent == NO_TRANSPARENT_COLOR ? 0 : 1;
      CHECK(frame.colors <= std::max(4, 2 * static_cast<int>(row.settings.colors)));
      CHECK(frame.transparent <= static_cast<int>(row.settings.colors) - (1 - transparent));
    }
  }
}

TEST_CASE("pixels whose source does not change do not change") {
  constexpr Size size = {96, 64};
  for (const GifDither dither :
       {GifDither::Auto, GifDither::None, GifDither::Ordered, GifDither::FloydSteinberg}) {
    std::vector<Shown> frames;
    for (int t = 0; t < 8; ++t) {
      Pixels pixels = scenery(size, 0);
      const Pixels moving = scenery(size, 10 * t);
      std::copy_n(moving.begin(), moving.size() / 2, pixels.begin());
      frames.push_back({pixels, t * 100});
    }
    const ShownGif gif = shown({.canvas = size}, {.dither = dither}, frames, 800);
    const std::size_t half = frames[0].pixels.size() / 2;
    for (const auto& frame : gif.frames) {
      CHECK(std::equal(frame.canvas.begin() + half, frame.canvas.end(),
                       gif.frames[0].canvas.begin() + half));
    }
  }
}

TEST_CASE("a thing that moves away leaves nothing behind, at any quality") {
  constexpr Size size = {80, 60};
  for (const unsigned quality : {1U, 50U, 80U, 100U}) {
    CAPTURE(quality);
    std::vector<Shown> frames;
    for (int t = 0; t < 20; ++t) {
      Pixels pixels = scenery(size, 0);
      for (int y = 20; y < 40; ++y) {
        for (int x = 3 * t; x < 3 * t + 20; ++x) pixels[y * 80 + x] ^= 0x606060U;
      }
      frames.push_back({pixels, t * 50});
    }
    frames.push_back({scenery(size, 0), 1000});
    const ShownGif gif = shown({.canvas = size}, {.quality = quality}, frames, 1100);
    const Pixels& last = canvas_at(gif, 105);
    CHECK(psnr(last, frames.back().pixels) > psnr(gif.frames[0].canvas, frames[0].pixels) - 1.5);
  }
}

TEST_CASE("delays come from the rounded running time and belong to their own frame") {
  constexpr Size size = {8, 8};
  auto frames = series(31, [&](int t) -> Shown {
    return {stripes(size, 30, t % 4), t * 1000 / 30};
  });
  const ShownGif gif = shown({.canvas = size}, {}, frames, 1033);
  REQUIRE(gif.frames.size() == 31);
  int start = 0;
  for (int t = 0; t < 31; ++t) {
    CHECK(std::abs(start * 10 - frames[t].ms) <= 5);
    start += gif.frames[t].delay;
  }
  CHECK(start == 103);
  const ShownGif uneven =
      shown({.canvas = size}, {},
            {{frames[0].pixels, 0}, {frames[1].pixels, 40}, {frames[2].pixels, 740}}, 840);
  REQUIRE(uneven.frames.size() == 3);
  CHECK(uneven.frames[0].delay == 4);
  CHECK(uneven.frames[1].delay == 70);
  CHECK(uneven.frames[2].delay == 10);
}

TEST_CASE("a hundred frames a second become fifty, in the same total") {
  constexpr Size size = {8, 8};
  auto frames = series(100, [&](int t) -> Shown { return {stripes(size, 30, t % 4), t * 10}; });
  const ShownGif gif = shown({.canvas = size}, {}, frames, 1000);
  CHECK(gif.frames.size() == 50);
  CHECK(anim::test::total_delay(gif) == 100);
  for (const auto& frame : gif.frames) CHECK(frame.delay >= 2);
}

TEST_CASE("equal pictures become one frame") {
  constexpr Size size = {20, 20};
  auto frames = series(20, [&](int t) -> Shown { return {scenery(size, t / 10), t * 40}; });
  const ShownGif gif = shown({.canvas = size}, {.quality = 100}, frames, 800);
  REQUIRE(gif.frames.size() == 2);
  CHECK(gif.frames[0].delay == 40);
  CHECK(gif.frames[1].delay == 40);
}

TEST_CASE("a delay beyond 16 bits is split, no part too short, nothing else to see") {
  constexpr Size size = {6, 6};
  for (const int extra : {0, 1, 2, 1000}) {
    CAPTURE(extra);
    const int total = 2 * 65535 + extra;
    const Pixels pixels = stripes(size, 9, 1);
    const ShownGif gif = shown({.canvas = size}, {}, {{pixels, 0}}, total * 10);
    CHECK(anim::test::total_delay(gif) == total);
    CHECK(gif.frames.size() == (extra == 0 ? 2U : 3U));
    for (const auto& frame : gif.frames) {
      CHECK(frame.delay >= 2);
      CHECK(frame.canvas == pixels);
    }
  }
}

TEST_CASE("the loop count is the plays after the first") {
  struct Row {
    unsigned plays;
    std::optional<int> loop;
  };
  for (const Row row :
       {Row{0, 0}, Row{1, std::nullopt}, Row{2, 1}, Row{300, 299}, Row{65536, 65535}}) {
    CAPTURE(row.plays);
    const ShownGif gif =
        shown({.canvas = {1, 1}, .plays = row.plays}, {}, {{{0xFF123456}, 0}}, 100);
    CHECK(gif.loop == row.loop);
  }
}

TEST_CASE("one pixel makes a GIF") {
  const ShownGif gif = shown({.canvas = {1, 1}}, {}, {{{0xFF123456}, 0}, {{0xFF654321}, 100}}, 200);
  REQUIRE(gif.frames.size() == 2);
  CHECK(gif.frames[0].canvas == Pixels{0xFF123456});
  CHECK(gif.frames[1].canvas == Pixels{0xFF654321});
}

namespace {

/// A disc that moves over nothing.
Pixels disc(Size size, int t) {
  return generated(size, [t](int x, int y) -> Argb {
    const int dx = x - 20 - 2 * t;
    const int dy = y - 20 - t % 3;
    if (dx * dx + dy * dy > 150) return (dx * dx + dy * dy > 200) ? 0x00000000 : 0x7F334455;
    return t % 2 == 0 ? 0xFFCC2200 : 0x80CC2200;
  });
}

}  // namespace

TEST_CASE("what is transparent is transparent, also where something was before") {
  constexpr Size size = {64, 40};
  auto frames = series(10, [&](int t) -> Shown { return {disc(size, t), t * 100}; });
  std::vector<Pixels> wanted;
  frames.push_back({Pixels(size.area(), 0), 1000});  // all gone
  frames.push_back({stripes(size, 256, 0), 1100});   // and all back
  frames.push_back({disc(size, 3), 1200});
  for (const Shown& frame : frames) {
    Pixels pixels = frame.pixels;
    for (Argb& pixel : pixels) pixel = pixel >> 24U < 128 ? 0 : pixel | 0xFF000000U;
    wanted.push_back(pixels);
  }
  for (const unsigned plays : {0U, 1U}) {
    const AnimationInfo info = {.canvas = size, .plays = plays};
    const ShownGif gif = shown(info, {.has_alpha = true}, frames, 1300);
    for (std::size_t t = 0; t < frames.size(); ++t) {
      CAPTURE(t);
      CHECK(canvas_at(gif, static_cast<int>(t) * 10) == wanted[t]);
    }
    CHECK(gif.frames.back().disposal == (plays == 0 ? DISPOSE_BACKGROUND : DISPOSE_DO_NOT));
  }
}

TEST_CASE("what may be cleared has a transparent entry, also where it is opaque") {
  constexpr Size size = {20, 10};
  for (const auto palette : {anim::GifPalette::Auto, anim::GifPalette::PerFrame}) {
    const auto frames = series(4, [&](int t) -> Shown {
      return {Pixels(size.area(), t % 2 == 0 ? 0xFF102030 : 0), t * 100};
    });
    const ShownGif gif =
        shown({.canvas = size}, {.palette = palette, .has_alpha = true}, frames, 400);
    for (const auto& frame : gif.frames) CHECK(frame.transparent != NO_TRANSPARENT_COLOR);
  }
}

TEST_CASE("a very long picture with alpha is cleared completely") {
  constexpr Size size = {64, 40};
  const ShownGif gif = shown({.canvas = size}, {.has_alpha = true},
                             {{disc(size, 0), 0}, {disc(size, 6), 700'000}}, 701'000);
  REQUIRE(gif.frames.size() == 3);
  CHECK(gif.frames[0].canvas == gif.frames[1].canvas);
  Pixels wanted = disc(size, 6);
  for (Argb& pixel : wanted) pixel = pixel >> 24U < 128 ? 0 : pixel | 0xFF000000U;
  CHECK(gif.frames[2].canvas == wanted);
}

TEST_CASE("the bytes do not depend on the number of threads") {
  constexpr Size size = {80, 60};
  std::mt19937 random(1);
  std::vector<Shown> frames;
  for (int t = 0; t < 40; ++t) {
    Pixels pixels = scenery(size, t);
    for (Argb& pixel : pixels) pixel ^= random() & 0x030303U;
    frames.push_back({pixels, t * 40});
  }
  const Bytes one = encoded({.canvas = size}, {}, frames, 1600, 1);
  CHECK(one == encoded({.canvas = size}, {}, frames, 1600, 2));
  CHECK(one == encoded({.canvas = size}, {}, frames, 1600, 5));
}

namespace {

/// Of more colours than fit in a table, 160x120.
Pixels slopes(Size size) {
  return generated(size, [](int x, int y) {
    const int blue = (x - 80) * (y - 60) / 40 + 128;
    return 0xFF000000U | static_cast<Argb>(x + 40) << 16U | static_cast<Argb>(2 * y) << 8U |
           static_cast<Argb>(blue);
  });
}

}  // namespace

TEST_CASE("what stays is shown better after a while, whatever the number of threads") {
  constexpr Size size = {160, 120};
  constexpr std::size_t kMoving = 160 * 30;
  const Pixels still = slopes(size);
  std::vector<Shown> frames;
  for (int t = 0; t < 40; ++t) {
    Pixels pixels = still;
    const Pixels moving = scenery(size, 10 * t);
    std::copy_n(moving.begin(), kMoving, pixels.begin());
    frames.push_back({pixels, t * 80});
  }
  const Bytes bytes = encoded({.canvas = size}, {}, frames, 3200, 1);
  CHECK(bytes == encoded({.canvas = size}, {}, frames, 3200, 3));
  const ShownGif gif = read_gif(bytes);
  const auto quality_at = [&](int tick) {
    const Pixels& canvas = canvas_at(gif, tick);
    return psnr({canvas.begin() + kMoving, canvas.end()}, {still.begin() + kMoving, still.end()});
  };
  CHECK(quality_at(310) > quality_at(0) + 1);
}

TEST_CASE("a still is shown better after a while, whatever the number of threads") {
  constexpr Size size = {160, 120};
  const Pixels still = slopes(size);
  for (const bool has_alpha : {false, true}) {
    auto frames = series(37, [&](int t) -> Shown { return {still, t * 80}; });
    const GifSettings settings{.lossy = 0, .has_alpha = has_alpha};
    const Bytes bytes = encoded({.canvas = size}, settings, frames, 3000, 1);
    CHECK(bytes == encoded({.canvas = size}, settings, frames, 3000, 3));
    const ShownGif gif = read_gif(bytes);
    REQUIRE(gif.frames.size() == 3);
    CHECK(gif.frames[0].delay == 96);
    CHECK(gif.frames[1].delay == 8);
    CHECK(gif.frames[2].delay == 196);
    CHECK(psnr(gif.frames[2].canvas, still) > psnr(gif.frames[0].canvas, still) + 0.1);
  }
}

namespace {

/// A twelfth of the contrast.
Pixels gentle(Pixels pixels) {
  for (Argb& pixel : pixels) {
    const auto level = [pixel](unsigned shift) { return (pixel >> shift & 0xFFU) / 12 << shift; };
    pixel = 0xFF606060U + level(16) + level(8) + level(0);
  }
  return pixels;
}

}  // namespace

TEST_CASE("a still that refining would not show better stays one frame") {
  constexpr Size size = {160, 120};
  struct Row {
    const char* label;
    Pixels pixels;
    GifSettings settings;
  };
  for (const Row& row :
       {Row{"few colours", stripes(size, 256, 0), {}},
        Row{"good enough", gentle(slopes(size)), {.quality = 1, .lossy = 0}},
        Row{"one table for all", slopes(size), {.palette = anim::GifPalette::Global}}}) {
    CAPTURE(row.label);
    auto frames = series(60, [&](int t) -> Shown { return {row.pixels, t * 80}; });
    const ShownGif gif = shown({.canvas = size}, row.settings, frames, 4800);
    REQUIRE(gif.frames.size() == 1);
    CHECK(gif.frames[0].delay == 480);
  }
}

TEST_CASE("what a GIF cannot hold is refused in words") {
  struct Row {
    AnimationInfo info;
    GifSettings settings;
    const char* word;
  };
  for (const Row& row :
       {Row{{.canvas = {65536, 1}}, {}, "65536x1"}, Row{{.canvas = {1, 70000}}, {}, "65535"},
        Row{{.canvas = {1, 1}, .plays = 65537}, {}, "65537"},
        Row{{.canvas = {1, 1}}, {.quality = 0}, "quality"},
        Row{{.canvas = {1, 1}}, {.quality = 101}, "101"},
        Row{{.canvas = {1, 1}}, {.colors = 1}, "colors"},
        Row{{.canvas = {1, 1}}, {.colors = 257}, "257"}}) {
    const auto refused = anim::make_gif_encoder(row.info, row.settings, 1);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find(row.word) != std::string::npos);
  }
}

TEST_CASE("the longest side works") {
  for (const Size size : {Size{65535, 1}, Size{1, 65535}}) {
    const Pixels pixels = generated(size, [](int x, int y) { return 0xFF000000U | (x + y) / 256; });
    const ShownGif gif = shown({.canvas = size}, {}, {{pixels, 0}}, 100);
    CHECK(gif.size == size);
    CHECK(gif.frames[0].canvas == pixels);
  }
}

TEST_CASE("an encoder that is thrown away early is silent") {
  auto encoder = anim::make_gif_encoder({.canvas = {64, 64}}, {}, 2).value();
  for (int t = 0; t < 3; ++t) {
    CHECK(
        encoder->add(image_of({64, 64}, scenery({64, 64}, t)).view(), Nanoseconds(t * 100'000'000))
            .ok());
  }
}

namespace {

/// Scenery with noise of up to 6 levels, another one at each `t`.
Pixels noisy_scenery(Size size, int t) {
  std::minstd_rand random(static_cast<unsigned>(t) + 1);
  Pixels pixels = scenery(size, 0);
  for (Argb& pixel : pixels) pixel ^= random() & 0x070707U;
  return pixels;
}

std::vector<bool> visible(const Pixels& pixels) {
  std::vector<bool> out;
  for (const Argb pixel : pixels) out.push_back(anim::alpha_of(pixel) >= 128);
  return out;
}

}  // namespace

TEST_CASE("of many colours, too, what is transparent is transparent and the rest is not") {
  constexpr Size size = {64, 40};
  std::vector<Shown> frames;
  for (int t = 0; t < 12; ++t) {
    Pixels pixels = scenery(size, 0);
    // A corner changes alone, then a hole opens elsewhere, moves and closes.
    for (int i = 0; i < 12 * 30 && t % 2 == 1; ++i) {
      pixels[static_cast<std::size_t>(i / 30 * 64 + i % 30)] ^= 0x404040U;
    }
    for (int x = 0; x < 8; ++x) {
      if (t > 3 && t < 10) pixels[static_cast<std::size_t>(20 * 64 + 3 * t + x)] = 0;
    }
    frames.push_back({pixels, t * 100});
  }
  const ShownGif gif = shown({.canvas = size}, {.has_alpha = true}, frames, 1200);
  for (std::size_t t = 0; t < frames.size(); ++t) {
    CAPTURE(t);
    CHECK(visible(canvas_at(gif, static_cast<int>(t) * 10)) == visible(frames[t].pixels));
  }
}

TEST_CASE("without alpha a frame's rectangle is the box around what it draws") {
  constexpr Size size = {96, 64};
  auto frames = series(20, [&](int t) -> Shown {
    Pixels pixels = noisy_scenery(size, t);
    for (int y = 20; y < 40; ++y) {
      for (int x = 0; x < 20; ++x)
        pixels[static_cast<std::size_t>(y * 96 + 2 * t + x)] ^= 0x303030U;
    }
    return {pixels, t * 100};
  });
  // Lossy matching may leave alone more.
  const ShownGif gif = shown({.canvas = size}, {.lossy = 0}, frames, 2000);
  REQUIRE(gif.frames.size() == 20);
  for (const auto& frame : gif.frames) CHECK(frame.drawn == frame.rect);
}

TEST_CASE("of a fade, a lower quality makes fewer bytes") {
  constexpr Size size = {160, 120};
  const Pixels scene = noisy_scenery(size, 0);
  auto frames = series(12, [&](int t) -> Shown {
    Pixels pixels = scene;
    for (Argb& pixel : pixels) {
      const auto faded = [&](std::uint8_t level) {
        return static_cast<std::uint8_t>(level * (40 - t) / 40);
      };
      const anim::Rgb color = anim::rgb_of(pixel);
      pixel = anim::opaque({faded(color.r), faded(color.g), faded(color.b)});
    }
    return {pixels, t * 80};
  });
  std::size_t last = 0;
  for (const unsigned quality : {1U, 20U, 40U, 60U, 80U, 100U}) {
    CAPTURE(quality);
    const std::size_t bytes =
        encoded({.canvas = size}, {.quality = quality}, frames, 960, 1).size();
    CHECK(bytes > last * 1.02);
    last = bytes;
  }
}
