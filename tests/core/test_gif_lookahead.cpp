// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of pixels that stay, and when changes are given away.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_lookahead.h"
#include "gst/core/still_blocks.h"

namespace {

using anim::Argb;
using anim::GifChange;
using anim::GifLookahead;
using anim::Image;
using anim::PixelFormat;
using anim::Size;
using anim::StillBlocks;

constexpr Size kSize = {64, 48};
constexpr int kPixels = 64 * 48;

/// Slopes with noise of up to `noise` levels; a bright square of side 8 at `square` on.
Image noisy(unsigned seed, int noise, int square = -1) {
  std::minstd_rand random(seed + 1);
  Image image(PixelFormat::Bgra, kSize);
  std::uint8_t* out = image.plane(0);
  for (int i = 0; i < kPixels; ++i, out += 4) {
    const int x = i % kSize.width;
    const int y = i / kSize.width;
    const bool is_in = square >= 0 && x >= square && x < square + 8 && y >= 16 && y < 24;
    const int lift = is_in ? 60 : 0;
    for (int channel = 0; channel < 3; ++channel) {
      const int level = 60 + lift + x + channel * 20 + y;
      const int span = 2 * noise + 1;
      out[channel] = static_cast<std::uint8_t>(level + static_cast<int>(random() % span) - noise);
    }
    out[3] = 255;
  }
  return image;
}

double error_of(const std::vector<Argb>& pixels) {
  double sum = 0;
  for (int i = 0; i < kPixels; ++i) {
    const int blue = 60 + i % kSize.width + i / kSize.width;
    const int off = static_cast<int>(pixels[i] & 0xFFU) - blue;
    sum += off * off;
  }
  return std::sqrt(sum / kPixels);
}

}  // namespace

TEST_CASE("a noisy picture that stays is drawn once, as the mean of what was seen") {
  GifLookahead frames(kSize, {.tolerance = 3});
  CHECK(frames.look(noisy(0, 4).view())->draws);
  for (unsigned seed = 1; seed < GifLookahead::kLookahead; ++seed) {
    CHECK_FALSE(frames.next(false).has_value());
    CHECK_FALSE(frames.look(noisy(seed, 4).view())->draws);
  }
  CHECK_FALSE(frames.look(noisy(99, 4).view())->draws);
  const auto change = frames.next(false);
  REQUIRE(change.has_value());
  CHECK(error_of(change->pixels) < 1.0);  // the noise of one picture is 2.6
  CHECK_FALSE(frames.look(noisy(100, 4).view())->draws);
  CHECK_FALSE(frames.next(true).has_value());
}

TEST_CASE("something small in a block that is still as a whole is drawn, and goes again") {
  for (const bool is_red : {false, true}) {
    CAPTURE(is_red);
    const auto scene = [&](bool has_dot) {
      Image image = noisy(0, 0);
      std::uint8_t* dot = image.plane(0) + 4 * (20 * kSize.width + 20);
      if (!has_dot) return image;
      for (int channel = is_red ? 2 : 0; channel < 3; ++channel) dot[channel] += is_red ? 30 : 12;
      return image;
    };
    GifLookahead frames(kSize, {.tolerance = 3});
    CHECK(frames.look(scene(false).view())->draws);
    CHECK_FALSE(frames.look(scene(false).view())->draws);
    CHECK(frames.look(scene(true).view())->draws);
    CHECK_FALSE(frames.look(scene(true).view())->draws);
    CHECK(frames.look(scene(false).view())->draws);
  }
}

TEST_CASE("a change says for how many pictures each pixel stands") {
  GifLookahead frames(kSize, {.tolerance = 3});
  for (int t = 0; t < 10; ++t) (void)frames.look(noisy(t, 4, t < 3 ? -1 : 20).view());
  const auto first = frames.next(true);
  REQUIRE(first.has_value());
  const auto dwell_at = [&](int x, int y) { return int{first->dwells[y * kSize.width + x]}; };
  CHECK(dwell_at(0, 0) == 10);
  CHECK(dwell_at(22, 20) == 3);  // then the square covers it
  const auto square = frames.next(true);
  REQUIRE(square.has_value());
  CHECK(square->rect.x <= 20);
  CHECK(square->rect.right() >= 28);
}

TEST_CASE("a single picture stays") {
  GifLookahead frames(kSize, {.tolerance = 3});
  CHECK(frames.look(noisy(0, 4).view())->draws);
  const auto change = frames.next(true);
  REQUIRE(change.has_value());
  CHECK(change->dwells == std::vector<std::uint8_t>(kPixels, GifLookahead::kLookahead + 1));
}

TEST_CASE("what moves through noise is drawn where it is, and nothing stays behind") {
  GifLookahead frames(kSize, {.tolerance = 3});
  std::vector<Image> pictures;
  for (int t = 0; t < 20; ++t) pictures.push_back(noisy(t, 3, t < 14 ? 3 * t : -1));
  std::vector<bool> draws;
  for (const Image& picture : pictures) draws.push_back(frames.look(picture.view())->draws);
  std::vector<Argb> screen(kPixels);
  while (const auto change = frames.next(true)) {
    for (int i = 0; i < static_cast<int>(change->pixels.size()); ++i) {
      if (change->pixels[i] == 0) continue;
      const int x = change->rect.x + i % change->rect.width;
      const int y = change->rect.y + i / change->rect.width;
      screen[y * kSize.width + x] = change->pixels[i];
    }
  }
  CHECK(std::count(draws.begin(), draws.begin() + 15, true) == 15);
  CHECK(error_of(screen) < 2.5);
}

TEST_CASE("pictures of few colours are given away as they were") {
  GifLookahead frames(kSize, {.tolerance = 20});
  Image first(PixelFormat::Bgra, kSize);
  std::fill_n(first.plane(0), 4 * kPixels, std::uint8_t{40});
  Image second = first;
  second.plane(0)[0] = 41;
  CHECK(frames.look(first.view())->draws);
  CHECK(frames.look(second.view())->draws);
  CHECK_FALSE(frames.look(second.view())->draws);
  const auto whole = frames.next(true);
  REQUIRE(whole.has_value());
  CHECK(whole->pixels == std::vector<Argb>(kPixels, 0xFF282828));
  const auto dot = frames.next(true);
  REQUIRE(dot.has_value());
  CHECK(dot->pixels == std::vector<Argb>{0xFF282829});
}

TEST_CASE("blocks are still under noise and move with a faint change of all their pixels") {
  StillBlocks blocks(1);
  for (unsigned seed = 0; seed < 6; ++seed) blocks.look(noisy(seed, 3).view());
  CHECK(blocks.noise() > 1);
  for (int x = 0; x < kSize.width; x += 16) CHECK(blocks.is_still(x, 16));
  Image brighter = noisy(50, 3);
  for (int y = 16; y < 32; ++y) {
    for (int x = 16; x < 32; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        brighter.plane(0)[4 * (y * kSize.width + x) + channel] += 3;
      }
    }
  }
  blocks.look(brighter.view());
  CHECK_FALSE(blocks.is_still(20, 20));
  CHECK(blocks.is_still(40, 20));
  blocks.forget();
  blocks.look(brighter.view());
  CHECK_FALSE(blocks.is_still(40, 20));
}
