// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames with and without loss in one animation, laid one over the other.
#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/mixed_frames.h"
#include "gst/core/rgb_yuv.h"
#include "gst/core/webp_animation.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/webp_reader.h"
#include "tests/support/webp_writer.h"

namespace {

using anim::Bytes;
using anim::Image;
using anim::MixedFrames;
using anim::PixelFormat;
using anim::Rect;
using anim::Size;
using anim::WebpContent;
using anim::WebpFrame;
using anim::WebpSettings;
using drawn_pictures::page;
using drawn_pictures::scene;
using webp_writer::encoded;

constexpr Size kSize{240, 180};
constexpr Rect kWindow{64, 48, 128, 96};

/// A page with a film in a window.
Image page_with_film(int step) {
  Image picture = page(kSize);
  picture.replace(kWindow, rgb_from_yuv(scene(kWindow.size(), step).view()).view());
  return picture;
}

bool is_lossless(const WebpFrame& frame) {
  constexpr std::string_view kName = "VP8L";
  return std::equal(kName.begin(), kName.end(), frame.chunks.begin());
}

/// The frame of `picture`, "-" for none, "L" without loss, "v" with loss.
std::string_view kind_of(MixedFrames& frames, const Image& picture) {
  if (!frames.look(picture.view()).value()) return "-";
  return is_lossless((*frames.next_job(true))().value()) ? "L" : "v";
}

/// How many pixels of the frame differ from `picture`, inside `area` or outside.
int count_wrong(const webp_reader::Animation& shown, std::size_t frame, const Image& picture,
                const Rect& area, bool inside) {
  int wrong = 0;
  for (int y = 0; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x) {
      const bool is_inside = x >= area.x && x < area.right() && y >= area.y && y < area.bottom();
      if (is_inside != inside) continue;
      const std::uint8_t* bgra =
          picture.view().row(0, y).data() + 4 * static_cast<std::ptrdiff_t>(x);
      const std::uint8_t* rgba = shown.pixel(frame, x, y);
      const bool same =
          rgba[0] == bgra[2] && rgba[1] == bgra[1] && rgba[2] == bgra[0] && rgba[3] == bgra[3];
      wrong += same ? 0 : 1;
    }
  }
  return wrong;
}
constexpr Rect kAll{0, 0, kSize.width, kSize.height};

}  // namespace

TEST_CASE("content says how frames are coded") {
  struct Case {
    const char* label;
    WebpSettings settings;
    Image picture;
    const char* kind;
  };
  const Case cases[] = {
      {"a screen", {}, page(kSize), "L"},
      {"a camera", {}, scene(kSize), "v"},
      {"a screen, told photo", {.content = WebpContent::Photo}, page(kSize), "v"},
      {"a camera, told screen", {.content = WebpContent::Screen}, scene(kSize), "L"},
      {"lossless rules", {.lossless = true, .content = WebpContent::Photo}, scene(kSize), "L"},
      {"so does near-lossless",
       {.near_lossless = 60, .content = WebpContent::Photo},
       page(kSize),
       "L"},
  };
  for (const Case& row : cases) {
    CAPTURE(row.label);
    MixedFrames frames(row.settings, kSize);
    CHECK(kind_of(frames, row.picture) == row.kind);
    CHECK(kind_of(frames, row.picture) == "-");
  }
}

TEST_CASE("a captured screen comes back exactly") {
  std::vector<Image> pictures;
  for (int i = 0; i < 6; ++i) pictures.push_back(page(kSize, i / 2));
  drawn_pictures::set(pictures[1], 100, 77, 0xFF00FF00);
  const auto shown = webp_reader::read(encoded(pictures));
  REQUIRE(shown.timing() == "40 40 80 80");
  const std::size_t sources[] = {0, 1, 2, 4};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(count_wrong(shown, i, pictures[sources[i]], kAll, true) == 0);
  }
}

TEST_CASE("a film in a window becomes lossy; the page around it stays exact") {
  std::vector<Image> pictures = {page(kSize)};
  for (int step = 0; step < 12; ++step) pictures.push_back(page_with_film(step));
  MixedFrames frames({}, kSize);
  CHECK(kind_of(frames, pictures[0]) == "L");
  std::string kinds;
  for (std::size_t i = 1; i < pictures.size(); ++i) kinds += kind_of(frames, pictures[i]);
  CHECK(kinds.substr(2) == "vvvvvvvvvv");
  const auto shown = webp_reader::read(encoded(pictures));
  REQUIRE(shown.frames.size() == pictures.size());
  // What a rectangle on the codec's grid covers beside the window may be lossy.
  const Rect grid{48, 32, 160, 128};
  CHECK(count_wrong(shown, 12, pictures[12], grid, false) == 0);
  CHECK(count_wrong(shown, 12, pictures[12], kWindow, true) > kWindow.size().area() / 2);
}

TEST_CASE("what was shown with loss is made exact when a screen comes back") {
  std::vector<Image> pictures;
  for (int step = 0; step < 3; ++step) {
    pictures.push_back(rgb_from_yuv(scene(kSize, step).view()));
  }
  for (int i = 0; i < 3; ++i) pictures.push_back(page(kSize));
  MixedFrames frames({}, kSize);
  std::string kinds;
  for (const Image& picture : pictures) kinds += kind_of(frames, picture);
  CHECK(kinds == "vvvL--");
  const auto shown = webp_reader::read(encoded(pictures));
  REQUIRE(shown.frames.size() == 4);
  CHECK(count_wrong(shown, 3, pictures[5], kAll, true) == 0);
}

TEST_CASE("a black beginning does not make a film lossless") {
  MixedFrames frames({}, kSize);
  Image black(PixelFormat::I420, kSize);
  std::fill_n(black.plane(0), kSize.area(), 16);
  std::fill_n(black.plane(1), kSize.area() / 2, 128);
  (void)kind_of(frames, black);
  for (int step = 0; step < 3; ++step) CHECK(kind_of(frames, scene(kSize, step)) == "v");
}

TEST_CASE("transparency stays exact on a screen") {
  std::vector<Image> pictures;
  for (int i = 0; i < 4; ++i) {
    Image picture = page(kSize, i / 2);
    for (int y = 20; y < 60; ++y) {
      for (int x = 30; x < 90; ++x) {
        drawn_pictures::set(picture, x, y, i % 2 == 0 ? 0 : 0x80336699);
      }
    }
    pictures.push_back(std::move(picture));
  }
  const auto shown = webp_reader::read(encoded(pictures));
  REQUIRE(shown.frames.size() == 4);
  CHECK(shown.has_alpha);
  for (std::size_t i = 0; i < 4; ++i) CHECK(count_wrong(shown, i, pictures[i], kAll, true) == 0);
}

TEST_CASE("the bytes of a mixed animation do not depend on the number of threads") {
  std::vector<Image> pictures = {page(kSize), page(kSize, 1)};
  for (int step = 0; step < 6; ++step) pictures.push_back(page_with_film(step));
  pictures.push_back(page(kSize, 2));
  const Bytes one = encoded(pictures, {}, 1);
  CHECK(one == encoded(pictures, {}, 2));
  CHECK(one == encoded(pictures, {}, 5));
}
