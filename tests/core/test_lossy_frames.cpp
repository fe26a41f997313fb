// SPDX-License-Identifier: LGPL-2.1-or-later
// What is on screen when the frames are laid over each other, beside the pictures.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/lossy_frames.h"
#include "gst/core/vp8/key_frame.h"
#include "tests/support/flat_pictures.h"

namespace {

using anim::Image;
using anim::LossyFrame;
using anim::LossyFrames;
using anim::PixelFormat;
using anim::Rect;
using anim::Size;
using flat_pictures::add_noise;
using flat_pictures::grey;

constexpr Size kSize{160, 96};

/// What is on screen at each picture, as if encoding lost nothing, and the frames.
struct Shown {
  std::vector<Image> screens;
  std::vector<LossyFrame> frames;
  std::int64_t coded = 0;  ///< pixels, without holes
};

void lay_over(Image& screen, const LossyFrame& frame, std::int64_t& coded) {
  const anim::ImageView pixels = frame.pixels.view();
  for (int y = 0; y < frame.area.height; ++y) {
    for (int x = 0; x < frame.area.width; ++x) {
      const auto at = static_cast<std::size_t>(x);
      if (frame.is_masked && pixels.row(3, y)[at] == 0) continue;
      ++coded;
      screen.plane(0)[(frame.area.y + y) * kSize.width + frame.area.x + x] = pixels.row(0, y)[at];
    }
  }
}

Shown shown_of(const std::vector<Image>& pictures, float quality = 75) {
  LossyFrames frames(anim::vp8::ac_step_at(quality));
  std::vector<bool> changes;
  Shown shown;
  const auto take = [&](bool is_end) {
    while (auto frame = frames.next(is_end)) shown.frames.push_back(std::move(*frame));
  };
  for (const Image& picture : pictures) {
    changes.push_back(frames.look(picture.view()));
    take(false);
  }
  take(true);
  Image screen = grey(PixelFormat::I420, kSize, 0);
  std::size_t next = 0;
  for (const bool changed : changes) {
    if (changed) lay_over(screen, shown.frames.at(next++), shown.coded);
    shown.screens.push_back(screen);
  }
  CHECK(next == shown.frames.size());
  return shown;
}

/// The largest difference of the mean luma of a block of 8x8, over all pictures.
double stalest(const std::vector<Image>& pictures, const Shown& shown) {
  double worst = 0;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    for (int y = 0; y < kSize.height; y += 8) {
      for (int x = 0; x < kSize.width; x += 8) {
        int sum = 0;
        for (int at = 0; at < 64; ++at) {
          const auto column = static_cast<std::size_t>(x + at % 8);
          sum += pictures[i].view().row(0, y + at / 8)[column] -
                 shown.screens[i].view().row(0, y + at / 8)[column];
        }
        worst = std::max(worst, std::abs(sum) / 64.0);
      }
    }
  }
  return worst;
}

std::vector<Image> pictures(int count, const std::function<Image(int)>& make) {
  std::vector<Image> made;
  made.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) made.push_back(make(i));
  return made;
}

Image noisy(int level, int seed) {
  Image picture = grey(PixelFormat::I420, kSize, level);
  add_noise(picture, 3, static_cast<unsigned>(seed));
  return picture;
}

/// A soft texture, moved by `x` pixels.
Image texture(double x) {
  Image picture = grey(PixelFormat::I420, kSize, 128);
  for (int row = 0; row < kSize.height; ++row) {
    for (int column = 0; column < kSize.width; ++column) {
      const double at = column + x;
      const double level = 110 + 30 * std::sin(at / 9) + 20 * std::sin(at / 4 + row / 6.0);
      picture.plane(0)[row * kSize.width + column] = static_cast<std::uint8_t>(level);
    }
  }
  return picture;
}

/// `picture` nearer to black by that share of its luma.
Image darker(Image picture, double share) {
  for (int i = 0; i < kSize.area(); ++i) {
    picture.plane(0)[i] = static_cast<std::uint8_t>(std::lround(picture.plane(0)[i] * (1 - share)));
  }
  return picture;
}

}  // namespace

TEST_CASE("the first picture is a whole frame, the same picture none") {
  const Shown shown = shown_of(pictures(5, [](int) { return texture(0); }));
  REQUIRE(shown.frames.size() == 1);
  CHECK(shown.frames[0].area == Rect{0, 0, kSize.width, kSize.height});
  CHECK_FALSE(shown.frames[0].is_masked);
}

TEST_CASE("a frame comes when enough was seen after it, or at the end") {
  LossyFrames frames(30);
  CHECK(frames.look(texture(0).view()));
  for (std::uint64_t i = 0; i < LossyFrames::kLookahead; ++i) {
    CHECK_FALSE(frames.next(false));
    (void)frames.look(texture(0).view());
  }
  CHECK(frames.next(false));
  CHECK_FALSE(frames.next(true));
  CHECK(frames.look(texture(50).view()));
  CHECK_FALSE(frames.next(false));
  CHECK(frames.next(true));
}

TEST_CASE("large pictures are not all held") {
  LossyFrames frames(30);
  constexpr Size kLarge{8192, 4096};
  for (int i = 0; i < 3; ++i) CHECK(frames.look(grey(PixelFormat::I420, kLarge, 50 * i).view()));
  CHECK(frames.next(false));
  CHECK(frames.next(false));
  CHECK_FALSE(frames.next(false));
}

TEST_CASE("noise is not encoded again, and averaged in what stays") {
  const Shown shown = shown_of(pictures(30, [](int i) { return noisy(90, i); }));
  CHECK(shown.coded < 3 * kSize.area() / 2);
  std::int64_t error = 0;
  for (int i = 0; i < kSize.area(); ++i) {
    const int d = shown.screens.back().view().data[0][i] - 90;
    error += std::int64_t{d} * d;
  }
  CHECK(static_cast<double>(error) / static_cast<double>(kSize.area()) < 3);  // 9 of one picture
}

TEST_CASE("nothing stays behind in slow fades, with noise or without") {
  const auto fade = [](int i) { return 60 + i / 4; };
  const auto clean = pictures(120, [&](int i) { return grey(PixelFormat::I420, kSize, fade(i)); });
  CHECK(stalest(clean, shown_of(clean)) <= 1);
  const auto dirty = pictures(120, [&](int i) { return noisy(fade(i), i); });
  CHECK(stalest(dirty, shown_of(dirty)) <= 3);
}

TEST_CASE("a fade too faint to be seen waits, and what it ends with is shown") {
  const auto fade = pictures(80, [](int i) { return darker(texture(0), 0.005 * std::min(i, 60)); });
  const Shown shown = shown_of(fade);
  CHECK(shown.frames.size() < 25);
  CHECK(stalest(fade, shown) <= 2.4);
  CHECK(stalest({fade.back()}, {{shown.screens.back()}, {}, 0}) <= 0.5);
}

TEST_CASE("a fade does not wait beside what else changes, nor at the best quality") {
  const auto fade = [](int i) { return darker(texture(0), 0.005 * i); };
  CHECK(shown_of(pictures(30, fade), 100).frames.size() == 30);
  const auto blinking = pictures(30, [&](int i) {
    Image picture = fade(i);
    if (i % 2 == 1) picture.plane(0)[50 * kSize.width + 50] += 60;
    return picture;
  });
  CHECK(shown_of(blinking).frames.size() > 25);
}

TEST_CASE("nothing stays behind in slow pans") {
  const auto pan = pictures(60, [](int i) { return texture(0.25 * i); });
  CHECK(stalest(pan, shown_of(pan)) <= 4);
}

TEST_CASE("what was covered comes back") {
  const auto passing = pictures(40, [](int i) {
    Image picture = texture(0);
    for (int y = 40; y < 56; ++y) {
      std::fill_n(picture.plane(0) + y * kSize.width + 3 * i, 16, std::uint8_t{230});
    }
    return picture;
  });
  const Shown shown = shown_of(passing);
  CHECK(stalest(passing, shown) <= 2);
  CHECK(shown.coded < 4 * kSize.area());
}

TEST_CASE("changes far apart are laid over what is between them") {
  const auto corners = pictures(2, [](int i) {
    Image picture = texture(0);
    if (i == 1) {
      picture.plane(0)[5] ^= 0x80;
      picture.plane(0)[kSize.area() - 5] ^= 0x80;
    }
    return picture;
  });
  const Shown shown = shown_of(corners);
  REQUIRE(shown.frames.size() == 2);
  CHECK(shown.frames[1].is_masked);
  CHECK(shown.frames[1].area == Rect{0, 0, kSize.width, kSize.height});
  CHECK(shown.coded == kSize.area() + 2 * 256);
}

TEST_CASE("what stays long has finer steps than what moves") {
  const auto moving = pictures(20, [](int i) {
    Image picture = texture(0);
    for (int y = 16; y < 32; ++y) {
      for (int x = 16; x < 32; ++x) {
        picture.plane(0)[y * kSize.width + x] = static_cast<std::uint8_t>(x * y * (i + 1));
      }
    }
    return picture;
  });
  const Shown shown = shown_of(moving);
  REQUIRE(shown.frames.size() == 20);
  const std::vector<float>& powers = shown.frames[0].step_powers;
  REQUIRE(powers.size() == 60);
  CHECK(powers[0] < -0.1F);
  CHECK(powers[11] == 0);
  CHECK(shown.frames[1].step_powers == std::vector<float>{0});
}

TEST_CASE("pictures with real alpha have no holes") {
  const auto see_through = pictures(2, [](int i) {
    Image picture = grey(PixelFormat::A420, kSize, 128);
    if (i == 1) picture.plane(0)[5] = picture.plane(0)[kSize.area() - 5] = 250;
    return picture;
  });
  LossyFrames frames(30);
  for (const Image& picture : see_through) CHECK(frames.look(picture.view()));
  (void)frames.next(true);
  const auto second = frames.next(true);
  REQUIRE(second);
  CHECK_FALSE(second->is_masked);
  CHECK(second->pixels.view().row(3, 50)[50] == 128);
}

TEST_CASE("another format is a whole new picture") {
  LossyFrames frames(30);
  CHECK(frames.look(grey(PixelFormat::I420, kSize, 90).view()));
  CHECK(frames.look(grey(PixelFormat::A420, kSize, 90).view()));
  CHECK(frames.next(true)->pixels.format() == PixelFormat::I420);
  const auto second = frames.next(true);
  CHECK(second->pixels.format() == PixelFormat::A420);
  CHECK(second->area == Rect{0, 0, kSize.width, kSize.height});
}
