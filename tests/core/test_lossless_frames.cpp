// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames without loss: the way that they are coded, and what they show.
#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

#include <doctest/doctest.h>

#include "gst/core/lossless_frames.h"

namespace {

using anim::ExactChanges;
using anim::Image;
using anim::PixelFormat;
using anim::Rect;
using anim::Size;
using anim::WebpFrame;

constexpr Size kSize{120, 80};

void set(Image& picture, int x, int y, std::uint32_t argb) {
  std::memcpy(picture.plane(0) + y * picture.view().stride[0] + 4 * std::ptrdiff_t{x}, &argb, 4);
}

/// Rows of letters in one colour, from line `top` of an endless text on.
Image text(int top) {
  Image picture(PixelFormat::Bgra, kSize);
  for (int y = 0; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x) {
      const auto letter = static_cast<unsigned>((y / 10 + top) * 31 + x / 6 * 7) % 26;
      const auto bit = letter * 0x9E3779B1U >> (x % 6 + 6 * (y % 10 / 2));
      const bool is_ink = x % 6 != 0 && y % 10 > 1 && (bit & 1) != 0;
      set(picture, x, y, is_ink ? 0xFF202020 : 0xFFFAFAFA);
    }
  }
  return picture;
}

void add_noise(Image& picture, unsigned seed, unsigned one_of) {
  std::mt19937 random(seed);
  for (int y = 0; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x) {
      if (random() % one_of == 0) set(picture, x, y, 0xFF000000 | (random() & 0xFFFFFF));
    }
  }
}

/// The frame that leads to `picture` from what is shown.
WebpFrame frame_of(ExactChanges& changes, const Image& picture) {
  anim::ExactChange change = changes.change_to(picture.view());
  changes.show(change);
  const auto job = anim::lossless_frame_of(std::move(change), {});
  REQUIRE(job);
  return job().value();
}

}  // namespace

TEST_CASE("scrolled text replaces, scattered changes are laid over") {
  ExactChanges scrolled;
  CHECK_FALSE(frame_of(scrolled, text(0)).blends);
  CHECK_FALSE(frame_of(scrolled, text(1)).blends);
  ExactChanges noisy;
  Image picture = text(0);
  add_noise(picture, 1, 2);
  (void)frame_of(noisy, picture);
  add_noise(picture, 2, 40);
  const WebpFrame frame = frame_of(noisy, picture);
  CHECK(frame.blends);
  Image whole(picture.view());
  CHECK(frame.chunks.size() * 4 < anim::lossless_chunk(whole, {}).value().size());
}

TEST_CASE("no change makes no frame") {
  ExactChanges changes;
  (void)frame_of(changes, text(0));
  CHECK_FALSE(anim::lossless_frame_of(changes.change_to(text(0).view()), {}));
}

TEST_CASE("a small change makes a small frame") {
  ExactChanges frames;
  Image picture = text(0);
  (void)frame_of(frames, picture);
  set(picture, 33, 21, 0xFF0000FF);
  const WebpFrame frame = frame_of(frames, picture);
  CHECK(frame.area == Rect{32, 20, 2, 2});
  CHECK(frame.chunks.size() < 60);
}
