// SPDX-License-Identifier: LGPL-2.1-or-later
// What of a picture is encoded, and which pictures wait.
#include <cmath>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/change_finder.h"
#include "gst/core/vp8/key_frame.h"
#include "tests/support/flat_pictures.h"

namespace {

using anim::CarriedPicture;
using anim::ChangeFinder;
using anim::CodedRegion;
using anim::Image;
using anim::PixelFormat;
using anim::Rect;
using anim::Size;
using flat_pictures::grey;

constexpr Size kSize{100, 52};
constexpr int kColumns = 7;
constexpr int kRows = 4;

/// What is shown, as the finder says.
struct Screen {
  ChangeFinder finder{anim::vp8::ac_step_at(75)};
  CarriedPicture shown;

  explicit Screen(const Image& first) { shown.reset(first.view()); }

  CodedRegion look(const Image& picture) {
    CodedRegion region = finder.find(picture.view(), shown);
    if (!region.is_empty()) shown.reset(picture.view());
    return region;
  }
};

/// With a texture, so that no level fits all of it.
Image darker(double by) {
  Image picture = grey(PixelFormat::I420, kSize, 120);
  for (int i = 0; i < kSize.area(); ++i) {
    picture.plane(0)[i] = static_cast<std::uint8_t>(std::lround(100 + 60 * std::sin(i / 9.0) - by));
  }
  return picture;
}

/// How many of so many pictures that `make` are encoded.
template <class Make>
int encoded(int count, Make make) {
  Screen screen(make(0));
  int found = 0;
  for (int i = 1; i <= count; ++i) found += screen.look(make(i)).is_empty() ? 0 : 1;
  return found;
}

}  // namespace

TEST_CASE("the same picture is not encoded, a new one is, and of an object what it covers") {
  Screen screen(darker(0));
  CHECK(screen.look(darker(0)).is_empty());
  Image object = darker(0);
  for (int y = 16; y < 32; ++y)
    std::fill_n(object.plane(0) + y * kSize.width + 32, 16, std::uint8_t{255});
  CHECK(screen.look(object).blocks == Rect{2, 1, 1, 1});
  CHECK(screen.look(darker(60)).blocks == Rect{0, 0, kColumns, kRows});
}

TEST_CASE("a slow fade waits, a faint change out of stillness does not") {
  CHECK(encoded(40, [](int i) { return darker(0.6 * i); }) < 20);
  Screen screen(darker(0));
  for (int i = 0; i < 3; ++i) CHECK(screen.look(darker(0)).is_empty());
  CHECK_FALSE(screen.look(darker(2)).is_empty());
  CHECK(screen.look(darker(2)).is_empty());
}

TEST_CASE("a fade that stops is shown as it stops") {
  Screen screen(darker(0));
  CHECK_FALSE(screen.look(darker(2)).is_empty());
  CHECK(screen.look(darker(4)).is_empty());  // waits
  CHECK_FALSE(screen.look(darker(4)).is_empty());
  CHECK(screen.look(darker(4)).is_empty());  // is shown
}

TEST_CASE("no level is later than is not seen: of one block, of a cut one, of chroma") {
  const auto worst = [](auto change) {
    const Image base = grey(PixelFormat::I420, kSize, 200);
    Screen screen(base);
    double worst = 0;
    for (int i = 1; i < 60; ++i) {
      Image picture = base;
      change(picture, i);
      (void)screen.look(picture);
      for (int plane = 0; plane < 3; ++plane) {
        const auto area = plane_bytes(picture.format(), kSize, plane).area();
        for (int at = 0; at < area; ++at) {
          worst = std::max<double>(
              worst, std::abs(picture.plane(plane)[at] - screen.shown.view().data[plane][at]));
        }
      }
    }
    return worst;
  };
  const auto lower = [](std::uint8_t& sample, double by) {
    sample = static_cast<std::uint8_t>(std::lround(sample - by));
  };
  const auto fade = [&](Image& picture, int plane, double by) {
    const auto area = plane_bytes(picture.format(), kSize, plane).area();
    for (int at = 0; at < area; ++at) lower(picture.plane(plane)[at], by);
  };
  // All of it fades, and a part faster.
  CHECK(worst([&](Image& picture, int i) {
          fade(picture, 0, 0.3 * i);
          for (int y = 8; y < 16; ++y) {
            for (int x = 8; x < 16; ++x) lower(picture.plane(0)[y * kSize.width + x], 0.6 * i);
          }
        }) <= 3);
  CHECK(worst([&](Image& picture, int i) {
          fade(picture, 0, 0.3 * i);
          for (int y = 0; y < kSize.height; ++y) {
            for (int x = 96; x < 100; ++x) lower(picture.plane(0)[y * kSize.width + x], 0.6 * i);
          }
        }) <= 3);
  CHECK(worst([&](Image& picture, int i) { fade(picture, 1, 0.6 * i); }) <= 3);
}

namespace {

/// With `columns` of macroblocks, of kColumns, that fade.
Image partly_darker(int columns, double by) {
  Image picture = darker(0);
  const Image faded = darker(by);
  for (int y = 0; y < kSize.height; ++y) {
    std::copy_n(faded.view().data[0] + y * faded.view().stride[0],
                std::min(16 * columns, kSize.width),
                picture.plane(0) + y * picture.view().stride[0]);
  }
  return picture;
}

}  // namespace

TEST_CASE("a fade of most of the picture waits, one of less is weighed as other changes are") {
  for (const int columns : {3, 4, kColumns}) {
    CAPTURE(columns);
    Screen screen(darker(0));
    CHECK_FALSE(screen.look(partly_darker(columns, 2)).is_empty());
    CHECK(screen.look(partly_darker(columns, 4)).is_empty() == (columns >= 4));
  }
}

TEST_CASE("a fade of colour waits, too") {
  const auto bluer = [](int i) {
    Image picture = darker(0);
    const auto area = plane_bytes(picture.format(), kSize, 1).area();
    std::fill_n(picture.plane(1), area, static_cast<std::uint8_t>(128 + std::lround(0.6 * i)));
    return picture;
  };
  CHECK(encoded(40, bluer) < 20);
}

TEST_CASE("nothing waits beside what moves, nor after something else was shown") {
  const auto blinking = [](int i) {
    Image picture = darker(0.6 * i);
    if (i % 2 == 1) picture.plane(0)[20 * kSize.width + 20] ^= 0x40;
    return picture;
  };
  CHECK(encoded(20, blinking) == 20);
  Screen screen(darker(0));
  (void)screen.look(darker(0.6));
  screen.finder.forget();
  CHECK_FALSE(screen.look(darker(2)).is_empty());
}

TEST_CASE("another alpha never waits") {
  const auto clearer = [](int i) {
    Image picture = grey(PixelFormat::A420, kSize, 120);
    std::fill_n(picture.plane(3), kSize.area(), static_cast<std::uint8_t>(250 - i));
    return picture;
  };
  CHECK(encoded(10, clearer) == 10);
}

namespace {

/// The pictures that `make` after the first ones, from which noise is learnt; how many macroblocks
/// of all of them are encoded.
template <class Make>
std::size_t encoded_blocks(int count, Make make) {
  constexpr int kLearnt = 4;
  ChangeFinder finder{anim::vp8::ac_step_at(75)};
  CarriedPicture shown;
  shown.reset(make(0).view());
  std::size_t blocks = 0;
  for (int i = 1; i < count; ++i) {
    const Image picture = make(i);
    const CodedRegion region = finder.find(picture.view(), shown);
    std::vector<std::uint8_t> stay(shown.grid().size());
    for (std::size_t at = 0; at < stay.size(); ++at) {
      const anim::BlockPlace place = shown.grid().at(at);
      stay[at] = region.has(place) ? 0 : 1;
      if (stay[at] != 0) continue;
      shown.show(picture.view(), {place.column, place.row, 1, 1});
      blocks += i > kLearnt ? 1 : 0;
    }
    shown.hold(picture.view(), stay);
  }
  return blocks;
}

Image noisy(double by, int levels, unsigned seed) {
  Image picture = darker(by);
  std::mt19937 random(seed);
  for (int plane = 0; plane < 3; ++plane) {
    const auto area = plane_bytes(picture.format(), kSize, plane).area();
    for (int i = 0; i < area; ++i) {
      const int noise = static_cast<int>(random() % static_cast<unsigned>(2 * levels + 1)) - levels;
      picture.plane(plane)[i] = static_cast<std::uint8_t>(picture.plane(plane)[i] + noise);
    }
  }
  return picture;
}

}  // namespace

TEST_CASE("noise is no fade: nothing waits, and nothing that noise explains is encoded after it") {
  for (const int levels : {2, 5}) {
    CAPTURE(levels);
    CHECK(encoded_blocks(60, [&](int i) { return noisy(0, levels, 100U + i); }) < 5);
  }
  // A fade under noise is drawn, though not in each picture.
  const std::size_t faded = encoded_blocks(60, [](int i) { return noisy(0.6 * i, 2, 100U + i); });
  CHECK(faded > 2 * kColumns * kRows);
  CHECK(faded < 20 * kColumns * kRows);
}

TEST_CASE("a small part that flickers faintly takes no more than itself") {
  const auto flickering = [](int i) {
    Image picture = darker(0);
    for (int y = 16; y < 32; ++y) {
      for (int x = 16; x < 32; ++x) picture.plane(0)[y * kSize.width + x] += i % 4;
    }
    return picture;
  };
  CHECK(encoded_blocks(40, flickering) < 25);  // of 35 pictures
}
