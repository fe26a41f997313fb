// SPDX-License-Identifier: LGPL-2.1-or-later
// Which blocks are still, and what a slow drift does.
#include <algorithm>

#include <doctest/doctest.h>

#include "gst/core/still_blocks.h"
#include "tests/core/noisy_slopes.h"

namespace {

using anim::Image;
using anim::PixelFormat;
using anim::StillBlocks;
using anim::test::kSlopesSize;
using anim::test::noisy;

Image grey(std::uint8_t level) {
  Image image(PixelFormat::Bgra, {16, 16});
  std::fill_n(image.plane(0), 4 * 256, level);
  return image;
}

}  // namespace

TEST_CASE("blocks are still under noise and move with a faint change of all their pixels") {
  StillBlocks blocks(1);
  for (unsigned seed = 0; seed < 6; ++seed) blocks.look(noisy(seed, 3).view());
  CHECK(blocks.noise() > 1);
  for (int x = 0; x < kSlopesSize.width; x += 16) CHECK(blocks.is_still(x, 16));
  Image brighter = noisy(50, 3);
  for (int y = 16; y < 32; ++y) {
    for (int x = 16; x < 32; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        brighter.plane(0)[4 * (y * kSlopesSize.width + x) + channel] += 3;
      }
    }
  }
  blocks.look(brighter.view());
  CHECK_FALSE(blocks.is_still(20, 20));
  CHECK(blocks.is_still(40, 20));
  CHECK(blocks.end_of_alike(0, 0) == kSlopesSize.width);
  CHECK(blocks.end_of_alike(0, 20) == 16);
  CHECK(blocks.end_of_alike(16, 20) == 32);
  CHECK(blocks.end_of_alike(32, 20) == kSlopesSize.width);
  blocks.forget();
  blocks.look(brighter.view());
  CHECK_FALSE(blocks.is_still(40, 20));
}

TEST_CASE("a fade is no noise") {
  StillBlocks blocks(3);
  for (int lift = 0; lift < 40; lift += 4) {
    Image picture = noisy(0, 0);
    for (int i = 0; i < 4 * kSlopesSize.area(); ++i) picture.plane(0)[i] += lift;
    blocks.look(picture.view());
    REQUIRE_FALSE(blocks.is_still(20, 20));
  }
  CHECK(blocks.noise() < 0.5);
}

TEST_CASE("the first picture has moved everywhere") {
  StillBlocks blocks(1);
  blocks.look(noisy(0, 0).view());
  CHECK_FALSE(blocks.is_still(0, 0));
  CHECK_FALSE(blocks.is_still(63, 47));
  blocks.look(noisy(0, 0).view());
  CHECK(blocks.is_still(0, 0));
  CHECK(blocks.is_still(63, 47));
}

TEST_CASE("what differs within the tolerance stays, more does not") {
  for (const int lift : {1, 4, 9}) {
    CAPTURE(lift);
    StillBlocks blocks(7);  // a tenth of its square for a whole block
    blocks.look(grey(100).view());
    blocks.look(grey(static_cast<std::uint8_t>(100 + lift)).view());
    CHECK(blocks.is_still(3, 3) == (lift == 1));
  }
}

TEST_CASE("a mean does not follow a drift that is slower than it") {
  StillBlocks blocks(6);
  for (int i = 0; i < StillBlocks::kMostMean; ++i) blocks.look(grey(100).view());
  for (int i = 0; i < 235; ++i) {
    blocks.look(grey(101).view());
    REQUIRE(blocks.is_still(0, 0));
  }
  blocks.look(grey(103).view());
  CHECK_FALSE(blocks.is_still(0, 0));
}

TEST_CASE("what moved is what the next pictures are compared with") {
  StillBlocks blocks(2);
  blocks.look(grey(100).view());
  blocks.look(grey(150).view());
  CHECK_FALSE(blocks.is_still(0, 0));
  blocks.look(grey(150).view());
  CHECK(blocks.is_still(0, 0));
}

TEST_CASE("each block that moved is compared with where it moved to, whatever is beside it") {
  constexpr anim::Size size = {57, 35};  // cut at the right and below
  const auto picture = [&](bool has_moved) {
    Image image(PixelFormat::Bgra, size);
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const int column = x / 16;
        const bool moves = has_moved && (y < 16 ? column != 2 : column % 2 == 1);
        std::fill_n(image.plane(0) + image.view().stride[0] * y + std::ptrdiff_t{4} * x, 4,
                    static_cast<std::uint8_t>(moves ? 160 : 100));
      }
    }
    return image;
  };
  StillBlocks blocks(3);
  blocks.look(picture(false).view());
  blocks.look(picture(true).view());
  for (int x = 0; x < size.width; x += 16) {
    CHECK(blocks.is_still(x, 3) == (x == 32));
    CHECK(blocks.is_still(x, 20) == (x % 32 == 0));
    CHECK(blocks.is_still(x, 34) == (x % 32 == 0));
  }
  CHECK(blocks.end_of_alike(0, 0) == 32);
  CHECK(blocks.end_of_alike(48, 0) == size.width);
  blocks.look(picture(true).view());
  for (int y : {0, 20, 34}) CHECK(blocks.end_of_alike(0, y) == size.width);
  CHECK(blocks.is_still(56, 34));
}
