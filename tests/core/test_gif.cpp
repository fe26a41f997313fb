// SPDX-License-Identifier: LGPL-2.1-or-later
// The GIF encoder from pictures to bytes, read back by giflib and composed as a viewer does.
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_frames.h"
#include "tests/core/random_pixels.h"
#include "tests/support/gif_reader.h"

namespace {

using anim::AnimationInfo;
using anim::Argb;
using anim::Bytes;
using anim::GifDither;
using anim::GifSettings;
using anim::Image;
using anim::Nanoseconds;
using anim::PixelFormat;
using anim::Size;
using anim::test::ShownGif;

using Pixels = std::vector<Argb>;

struct Shown {
  Pixels pixels;
  int ms;
};

Image image_of(Size size, const Pixels& pixels) {
  Image image(PixelFormat::Bgra, size);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    for (unsigned byte = 0; byte < 4; ++byte) {
      image.plane(0)[4 * i + byte] = static_cast<std::uint8_t>(pixels[i] >> (8 * byte));
    }
  }
  return image;
}

Bytes encoded(const AnimationInfo& info, const GifSettings& settings,
              const std::vector<Shown>& frames, int end_ms, unsigned threads = 2) {
  auto encoder = anim::make_gif_encoder(info, settings, threads).value();
  Bytes out;
  const auto append = [&out](const Bytes& more) {
    out.insert(out.end(), more.begin(), more.end());
  };
  for (const Shown& frame : frames) {
    append(
        encoder
            ->add(image_of(info.canvas, frame.pixels).view(), std::chrono::milliseconds(frame.ms))
            .value());
  }
  append(encoder->finish(std::chrono::milliseconds(end_ms)).value());
  CHECK(encoder->stats().bytes == out.size());
  CHECK(encoder->stats().frames_in == frames.size());
  return out;
}

ShownGif shown(const AnimationInfo& info, const GifSettings& settings,
               const std::vector<Shown>& frames, int end_ms) {
  return anim::test::read_gif(encoded(info, settings, frames, end_ms));
}

/// The canvas at `tick` hundredths.
const Pixels& canvas_at(const ShownGif& gif, int tick) {
  for (const auto& frame : gif.frames) {
    if (tick < frame.delay) return frame.canvas;
    tick -= frame.delay;
  }
  return gif.frames.back().canvas;
}

double psnr(const Pixels& a, const Pixels& b) {
  double error = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (unsigned shift = 0; shift < 24; shift += 8) {
      const int difference =
          static_cast<int>(a[i] >> shift & 0xFFU) - static_cast<int>(b[i] >> shift & 0xFFU);
      error += difference * difference;
    }
  }
  const double mean = error / (3.0 * static_cast<double>(a.size()));
  return mean == 0 ? 99 : 10 * std::log10(255.0 * 255.0 / mean);
}

Pixels generated(Size size, const std::function<Argb(int, int)>& pixel) {
  Pixels out;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) out.push_back(pixel(x, y));
  }
  return out;
}

/// A smooth picture of thousands of colours that moves with `t`.
Pixels scenery(Size size, int t) {
  return generated(size, [t](int x, int y) {
    const auto wave = [](double phase) {
      return static_cast<std::uint8_t>(std::lround(127.5 + 127 * std::sin(phase)));
    };
    return anim::opaque({wave(0.03 * (x + t)), wave(0.05 * y), wave(0.02 * (x + y - t))});
  });
}

/// `count` colours in vertical stripes, and a square of colour 0 that moves.
Pixels stripes(Size size, int count, int t) {
  return generated(size, [count, t](int x, int y) {
    const bool in_square = x >= t && x < t + 5 && y >= t && y < t + 5;
    const int i = in_square ? 0 : (x + y * 7) % count;
    return anim::opaque({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i * 5),
                         static_cast<std::uint8_t>(255 - i)});
  });
}

std::vector<Shown> series(int count, const std::function<Shown(int)>& frame) {
  std::vector<Shown> frames;
  frames.reserve(static_cast<std::size_t>(count));
  for (int t = 0; t < count; ++t) frames.push_back(frame(t));
  return frames;
}

}  // namespace

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
  auto frames = series(50, [&](int t) -> Shown { return {scenery(size, t / 25), t * 40}; });
  const ShownGif gif = shown({.canvas = size}, {.quality = 100}, frames, 2000);
  REQUIRE(gif.frames.size() == 2);
  CHECK(gif.frames[0].delay == 100);
  CHECK(gif.frames[1].delay == 100);
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
  const ShownGif gif = shown({.canvas = size}, {}, frames, 2000);
  REQUIRE(gif.frames.size() == 20);
  for (const auto& frame : gif.frames) CHECK(frame.drawn == frame.rect);
}

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
