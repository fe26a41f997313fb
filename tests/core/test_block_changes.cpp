// SPDX-License-Identifier: LGPL-2.1-or-later
// What counts as noise and what as a change.
#include <algorithm>

#include <doctest/doctest.h>

#include "gst/core/block_changes.h"
#include "tests/support/flat_pictures.h"

namespace {

using anim::BlockChange;
using anim::BlockChanges;
using anim::CarriedPicture;
using anim::Image;
using anim::PixelFormat;
using anim::Size;

constexpr Size kSize{160, 96};
constexpr int kBlocks = 10 * 6;

/// A picture with texture in each macroblock.
Image textured() {
  Image picture = flat_pictures::grey(PixelFormat::I420, kSize, 100);
  flat_pictures::add_noise(picture, 8, 1);
  return picture;
}

std::int64_t unchanged(const std::vector<BlockChange>& changes) {
  return std::count_if(changes.begin(), changes.end(),
                       [](const BlockChange& change) { return change.excess == 0; });
}

}  // namespace

TEST_CASE("what changes much in a picture that stays is no noise, so that faint changes are seen") {
  const Image first = textured();
  CarriedPicture shown;
  shown.reset(first.view());
  BlockChanges changes;
  Image second = first;
  for (int x = 0; x < 16; ++x) second.plane(0)[x] = 220;  // in the first macroblock
  for (int x = 64; x < 68; ++x) second.plane(0)[x] += 4;  // in the fifth
  const auto found = changes.find(second.view(), shown);
  REQUIRE(found.size() == kBlocks);
  CHECK(changes.noise() == 0);
  CHECK(found[0].excess > 1000);
  CHECK(found[4].excess == doctest::Approx(4 * 16));
  CHECK(unchanged(found) == kBlocks - 2);
}

TEST_CASE("noise is measured, and no change") {
  const Image first = textured();
  CarriedPicture shown;
  shown.reset(first.view());
  BlockChanges changes;
  for (unsigned seed = 0; seed < 5; ++seed) {
    Image noisy = first;
    flat_pictures::add_noise(noisy, 2, 100 + seed);
    Image next = first;
    std::copy_n(noisy.plane(0), kSize.area(), next.plane(0));  // chroma has less
    const auto found = changes.find(next.view(), shown);
    CHECK(unchanged(found) > kBlocks / 2);
  }
  CHECK(changes.noise() > 1);
  CHECK(changes.noise() < 8);
}
