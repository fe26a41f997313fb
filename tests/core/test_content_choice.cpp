// SPDX-License-Identifier: LGPL-2.1-or-later
// Screens, cameras, and what lies between.
#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/content_choice.h"
#include "gst/core/rgb_yuv.h"
#include "tests/support/drawn_pictures.h"

namespace {

using anim::ContentChoice;
using anim::ExactChange;
using anim::ExactChanges;
using anim::Image;
using anim::PixelFormat;
using anim::Size;
using anim::WebpSettings;
using drawn_pictures::page;
using drawn_pictures::scene;

constexpr Size kSize{240, 180};

/// `picture` as a lossy recorder of screens leaves it: YUV with ringing in blocks that have edges.
Image recorded(const Image& picture) {
  constexpr int kBlock = 8;
  std::mt19937 random(1);
  Image yuv = yuv_from_rgb(picture.view(), PixelFormat::I420);
  const Image clean(yuv.view());
  const auto [width, height] = yuv.size();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto row = clean.view().row(0, y).subspan(x / kBlock * kBlock).first(kBlock);
      const bool has_edge = std::count(row.begin(), row.end(), row[0]) != kBlock;
      if (has_edge) yuv.plane(0)[y * width + x] += static_cast<std::uint8_t>(random() % 9 - 4);
    }
  }
  return yuv;
}

bool is_lossless(ContentChoice& choice, const Image& picture, ExactChanges& shown) {
  if (!choice.is_due(picture.view())) return false;
  const bool is_rgb = picture.format() == PixelFormat::Bgra;
  const Image rgb = is_rgb ? Image(picture.view()) : rgb_from_yuv(picture.view());
  const ExactChange change = shown.change_to(rgb.view());
  const bool is_better = choice.is_better_lossless(change, is_rgb).value();
  if (is_better) shown.show(change);
  return is_better;
}

bool is_lossless(const Image& picture, const WebpSettings& settings = {}) {
  ContentChoice choice(settings, picture.size());
  ExactChanges shown;
  return is_lossless(choice, picture, shown);
}

}  // namespace

TEST_CASE("exact colours are lossless, cameras and recorded screens are not") {
  for (const float quality : {40, 75, 90}) {
    CAPTURE(quality);
    CHECK(is_lossless(page(kSize), {.quality = quality}));
    CHECK_FALSE(is_lossless(scene(kSize), {.quality = quality}));
    CHECK_FALSE(is_lossless(recorded(page(kSize)), {.quality = quality}));
  }
}

TEST_CASE("of a large picture a part is enough") {
  constexpr Size kLarge{1280, 720};
  CHECK(is_lossless(page(kLarge)));
  CHECK_FALSE(is_lossless(scene(kLarge)));
  CHECK_FALSE(is_lossless(recorded(page(kLarge))));
}

TEST_CASE("a captured page with a photo is lossless in all its pictures, a recorded one is not") {
  for (const float quality : {20, 75}) {
    CAPTURE(quality);
    ContentChoice capture({.quality = quality}, kSize);
    ContentChoice recording({.quality = quality}, kSize);
    ExactChanges captured;
    ExactChanges recordings;
    for (int step = 0; step < 6; ++step) {
      Image picture = page(kSize, step);
      picture.replace({20, 96 - 12 * step, 120, 72}, rgb_from_yuv(scene({120, 72}).view()).view());
      const ExactChange change = captured.change_to(picture.view());
      REQUIRE((step > 0 || capture.is_due(picture.view())));
      CHECK(capture.is_better_lossless(change, true).value());
      captured.show(change);
      CHECK_FALSE(is_lossless(recording, recorded(picture), recordings));
    }
  }
}

TEST_CASE("at the lowest qualities a captured page with a photo is as small as can be") {
  Image picture = page(kSize);
  picture.replace({20, 36, 120, 72}, rgb_from_yuv(scene({120, 72}).view()).view());
  CHECK_FALSE(is_lossless(picture, {.quality = 19}));
  CHECK(is_lossless(picture, {.quality = 20}));
}

TEST_CASE("a camera is told without a trial") {
  ContentChoice choice({}, kSize);
  for (int step = 0; step < 20; ++step) CHECK_FALSE(choice.is_due(scene(kSize, step).view()));
}

TEST_CASE("told that it is a screen, it never compares") {
  CHECK(is_lossless(scene(kSize), {.content = anim::WebpContent::Screen}));
}

TEST_CASE("a screen is compared again only when it has changed a lot") {
  ContentChoice choice({}, kSize);
  const Image first = recorded(page(kSize));
  ExactChanges shown;
  CHECK_FALSE(is_lossless(choice, first, shown));
  CHECK_FALSE(choice.is_due(first.view()));
  CHECK_FALSE(choice.is_due(first.view()));
  CHECK(choice.is_due(recorded(page(kSize, 5)).view()));
}

TEST_CASE("exact colours are found within a second, however long there were none") {
  constexpr int kAtMost = 12;
  ContentChoice choice({}, kSize);
  ExactChanges shown;
  for (int step = 0; step < 100; ++step)
    CHECK_FALSE(is_lossless(choice, recorded(page(kSize, step)), shown));
  int pictures = 1;
  while (!is_lossless(choice, page(kSize, pictures), shown)) REQUIRE(++pictures <= kAtMost);
}

TEST_CASE("while it is lossless, small changes and screens stay so, a film does not") {
  ContentChoice choice({}, kSize);
  ExactChanges shown;
  CHECK(is_lossless(choice, page(kSize), shown));
  Image marked = page(kSize);
  for (int i = 0; i < 6; ++i) drawn_pictures::set(marked, 30 + i, 40, 0xFF00FF00);
  const auto keeps = [&](const Image& picture) {
    const ExactChange change = shown.change_to(picture.view());
    const bool is_better = choice.is_better_lossless(change, true).value();
    if (is_better) shown.show(change);
    return is_better;
  };
  CHECK(keeps(marked));
  CHECK(keeps(page(kSize, 1)));
  CHECK(keeps(page(kSize, 1)));  // nothing changes
  CHECK_FALSE(keeps(rgb_from_yuv(scene(kSize).view())));
}

TEST_CASE("a film beside a caret on a page is coded with loss, however sharp the page") {
  constexpr anim::Rect kFilm = {96, 24, 128, 96};
  ContentChoice choice({.quality = 92}, kSize);
  ExactChanges shown;
  CHECK(is_lossless(choice, page(kSize), shown));
  int lossless = 0;
  for (int step = 0; step < 6; ++step) {
    Image picture = page(kSize);
    picture.replace(kFilm, rgb_from_yuv(scene(kFilm.size(), step).view()).view());
    if (step % 2 == 0) picture.replace({2, 168, 2, 10}, Image(PixelFormat::Bgra, {2, 10}).view());
    const ExactChange change = shown.change_to(picture.view());
    if (!choice.is_better_lossless(change, true).value()) break;
    shown.show(change);
    ++lossless;
  }
  CHECK(lossless <= 2);
}

TEST_CASE("small losses are taken where a low quality allows them and they pay") {
  const Image picture = rgb_from_yuv(scene(kSize).view());
  const auto near_lossless_at = [&](float quality) {
    ContentChoice choice({.quality = quality, .content = anim::WebpContent::Screen}, kSize);
    ExactChanges shown;
    CHECK(is_lossless(choice, picture, shown));
    return choice.lossless().near_lossless;
  };
  CHECK(near_lossless_at(100) == 100);
  CHECK(near_lossless_at(75) == 100);
  CHECK(near_lossless_at(60) == 60);
  CHECK(near_lossless_at(20) == 60);
  CHECK(near_lossless_at(15) == 40);
  CHECK(near_lossless_at(0) == 20);
}

TEST_CASE("the smallest canvases are no problem") {
  for (const Size size : {Size{1, 1}, Size{2, 1}, Size{1, 2}, Size{3, 3}}) {
    CHECK_FALSE(is_lossless(scene(size)));
    (void)is_lossless(page(size));
  }
}
