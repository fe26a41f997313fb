// SPDX-License-Identifier: LGPL-2.1-or-later
// How pictures differ from what is shown, and what is shown of parts that stay.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "gst/core/carried_picture.h"
#include "tests/support/flat_pictures.h"

namespace {

using anim::BlockPlace;
using anim::CarriedPicture;
using anim::Image;
using anim::PixelFormat;
using anim::Size;
using flat_pictures::add_noise;
using flat_pictures::grey;

constexpr Size kSize{100, 50};

CarriedPicture showing(const Image& picture) {
  CarriedPicture shown;
  shown.reset(picture.view());
  return shown;
}

}  // namespace

TEST_CASE("the same picture has no change, one sample of any plane is one in its macroblock") {
  for (const int plane : {0, 1, 2}) {
    CAPTURE(plane);
    const CarriedPicture shown = showing(grey(PixelFormat::I420, kSize, 90));
    Image marked = grey(PixelFormat::I420, kSize, 90);
    // The last sample: in the macroblock that the right and the bottom edge cut.
    marked.plane(plane)[plane_bytes(marked.format(), kSize, plane).area() - 1] += 20;
    for (std::size_t i = 0; i < shown.grid().size(); ++i) {
      const bool is_last = i + 1 == shown.grid().size();
      CHECK((shown.change(marked.view(), shown.grid().at(i), 0).excess > 0) == is_last);
    }
  }
}

TEST_CASE("any difference of alpha is beyond all errors") {
  const CarriedPicture shown = showing(grey(PixelFormat::A420, kSize, 90));
  Image other = grey(PixelFormat::A420, kSize, 90);
  other.plane(3)[0] ^= 1;
  CHECK(std::isinf(shown.change(other.view(), {0, 0}, 16).excess));
  CHECK(shown.change(other.view(), {1, 0}, 16).excess == 0);
}

TEST_CASE("what cannot be seen has no error, one pixel that can makes a macroblock seen") {
  Image picture = grey(PixelFormat::A420, kSize, 90);
  std::fill_n(picture.plane(3), kSize.area(), std::uint8_t{0});
  picture.plane(3)[kSize.area() - 1] = 1;
  const CarriedPicture shown = showing(picture);
  for (int i = 0; i < kSize.area(); ++i) picture.plane(0)[i] = i % 3 == 0 ? 200 : 90;
  for (std::size_t i = 0; i < shown.grid().size(); ++i) {
    const bool is_last = i + 1 == shown.grid().size();
    const auto change = shown.change(picture.view(), shown.grid().at(i), 0);
    CHECK((change.excess > 0) == is_last);
    CHECK((change.detail > 0) == is_last);
    CHECK(change.luma > 0);
  }
}

TEST_CASE("noise is no change where it is known, and is measured as its variance") {
  constexpr double kDeviation = 3;
  Image before = grey(PixelFormat::I420, {320, 160}, 90);
  add_noise(before, kDeviation, 1);
  const CarriedPicture shown = showing(before);
  Image now = grey(PixelFormat::I420, {320, 160}, 90);
  add_noise(now, kDeviation, 2);
  double known = 0;
  double unknown = 0;
  double luma = 0;
  const auto count = static_cast<double>(shown.grid().size());
  for (std::size_t i = 0; i < shown.grid().size(); ++i) {
    const auto change = shown.change(now.view(), shown.grid().at(i), kDeviation * kDeviation);
    known += change.excess / count;
    luma += change.luma / count;
    unknown += shown.change(now.view(), shown.grid().at(i), 0).excess / count;
  }
  CHECK(luma == doctest::Approx(kDeviation * kDeviation).epsilon(0.1));
  CHECK(unknown > 256 * 2 * kDeviation * kDeviation);
  CHECK(known < unknown / 10);
}

TEST_CASE("what all samples have in common is no noise") {
  constexpr double kDeviation = 3;
  Image before = grey(PixelFormat::I420, {320, 160}, 120);
  add_noise(before, kDeviation, 1);
  const CarriedPicture shown = showing(before);
  Image darker = grey(PixelFormat::I420, {320, 160}, 90);
  add_noise(darker, kDeviation, 2);
  double luma = 0;
  for (std::size_t i = 0; i < shown.grid().size(); ++i) {
    luma += shown.change(darker.view(), shown.grid().at(i), 0).luma;
  }
  luma /= static_cast<double>(shown.grid().size());
  CHECK(luma == doctest::Approx(kDeviation * kDeviation).epsilon(0.1));
}

TEST_CASE("a level that a block has in common is no detail, a stroke is") {
  const CarriedPicture shown = showing(grey(PixelFormat::I420, kSize, 90));
  Image brighter = grey(PixelFormat::I420, kSize, 92);
  CHECK(shown.change(brighter.view(), {1, 1}, 0).detail == 0);
  CHECK(shown.change(brighter.view(), {1, 1}, 0).excess == 3 * 384 * 2 * 2);
  CHECK(shown.change(brighter.view(), {1, 1}, 0).drift == 3 * 384 * 2 * 2);
  // Of luma's mean of 64 a variance of 2, beside as noisy a picture, explains 1; of chroma's half.
  CHECK(shown.change(brighter.view(), {1, 1}, 2).drift == 3 * (256 * (4 - 1) + 128 * (4 - 0.5)));
  for (int x = 16; x < 24; ++x) brighter.plane(0)[17 * kSize.width + x] += 8;
  CHECK(shown.change(brighter.view(), {1, 1}, 0).detail == 8 * 8 * 8 - 64);
  brighter.plane(1)[9 * kSize.width / 2 + 9] += 16;
  CHECK(shown.change(brighter.view(), {1, 1}, 0).detail == 8 * 8 * 8 - 64 + 16 * 16 - 4);
}

TEST_CASE("what evens out in a block is no drift") {
  const CarriedPicture shown = showing(grey(PixelFormat::I420, kSize, 90));
  Image striped = grey(PixelFormat::I420, kSize, 90);
  for (int x = 16; x < 24; ++x) striped.plane(0)[17 * kSize.width + x] += x % 2 == 0 ? 8 : -8;
  CHECK(shown.change(striped.view(), {1, 1}, 0).excess > 0);
  CHECK(shown.change(striped.view(), {1, 1}, 0).drift == 0);
}

TEST_CASE("a shift of the mean is seen through noise") {
  constexpr double kDeviation = 3;
  Image before = grey(PixelFormat::I420, kSize, 90);
  add_noise(before, kDeviation, 1);
  const CarriedPicture shown = showing(before);
  Image still = grey(PixelFormat::I420, kSize, 90);
  Image brighter = grey(PixelFormat::I420, kSize, 93);
  add_noise(still, kDeviation, 2);
  add_noise(brighter, kDeviation, 2);
  const double noise = kDeviation * kDeviation;
  CHECK(shown.change(brighter.view(), {1, 1}, noise).excess >
        1000 + 2 * shown.change(still.view(), {1, 1}, noise).excess);
}

TEST_CASE("a shift of the mean is seen where the edges leave a column or a row") {
  for (const Size size : {Size{97, 48}, Size{96, 49}}) {
    CAPTURE(size.width);
    const CarriedPicture shown = showing(grey(PixelFormat::I420, size, 90));
    const Image brighter = grey(PixelFormat::I420, size, 102);
    const BlockPlace last = shown.grid().at(shown.grid().size() - 1);
    // Of eight samples at that noise, four standard deviations of the mean are 6.
    CHECK(shown.change(brighter.view(), last, 9).excess > 5000);
    CHECK(shown.change(grey(PixelFormat::I420, size, 92).view(), last, 9).excess == 0);
  }
}

TEST_CASE("what stays becomes the mean of its pictures, macroblock by macroblock") {
  CarriedPicture shown = showing(grey(PixelFormat::I420, kSize, 90));
  const auto hold = [&](int level, const std::vector<BlockPlace>& places) {
    std::vector<std::uint8_t> stay(shown.grid().size());
    for (const BlockPlace at : places) stay[shown.grid().index(at)] = 1;
    shown.hold(grey(PixelFormat::I420, kSize, level).view(), stay);
  };
  hold(92, {{6, 3}, {4, 3}});
  hold(97, {{6, 3}, {5, 3}, {4, 3}, {2, 3}});
  CHECK(shown.view().row(0, 49)[99] == 93);
  CHECK(shown.view().row(2, 24)[49] == 93);
  CHECK(shown.view().row(0, 47)[99] == 90);
  CHECK(shown.view().row(0, 49)[79] == 93);
  CHECK(shown.view().row(0, 49)[80] == 94);  // beside those that stand for more
  CHECK(shown.view().row(0, 49)[95] == 94);
  CHECK(shown.view().row(0, 49)[63] == 90);  // between two that stay
  CHECK(shown.view().row(0, 49)[47] == 94);
  shown.show(grey(PixelFormat::I420, kSize, 10).view(), {6, 3, 1, 1});
  CHECK(shown.view().row(0, 49)[99] == 10);
  hold(20, {{6, 3}});
  CHECK(shown.view().row(0, 49)[99] == 15);
}

TEST_CASE("a mean is of a bounded number of pictures") {
  CarriedPicture shown = showing(grey(PixelFormat::I420, kSize, 255));
  const std::vector<std::uint8_t> all(shown.grid().size(), 1);
  for (int i = 1; i < CarriedPicture::kMostPictures + 50; ++i) {
    shown.hold(grey(PixelFormat::I420, kSize, 255).view(), all);
  }
  CHECK(shown.view().row(0, 0)[0] == 255);
}

TEST_CASE("a picture is like what is shown in format and size") {
  CarriedPicture shown;
  CHECK_FALSE(shown.is_like(grey(PixelFormat::I420, kSize, 90).view()));
  shown.reset(grey(PixelFormat::I420, kSize, 90).view());
  CHECK(shown.is_like(grey(PixelFormat::I420, kSize, 10).view()));
  CHECK_FALSE(shown.is_like(grey(PixelFormat::A420, kSize, 90).view()));
  CHECK_FALSE(shown.is_like(grey(PixelFormat::I420, {100, 48}, 90).view()));
}
