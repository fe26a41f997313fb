// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include <doctest/doctest.h>

#include "gst/core/hidden_pixels.h"

namespace {

using anim::Image;
using anim::PixelFormat;

/// 19x11: luma 200, chroma 90 and 160; hidden pixels have luma 0 and chroma 0 where `alpha` is 0.
template <class Alpha>
Image picture_of(Alpha alpha) {
  Image picture(PixelFormat::A420, {19, 11});
  std::fill_n(picture.plane(1), 10 * 6, 90);
  std::fill_n(picture.plane(2), 10 * 6, 160);
  for (int y = 0; y < 11; ++y) {
    for (int x = 0; x < 19; ++x) {
      const int a = alpha(x, y);
      picture.plane(3)[19 * y + x] = static_cast<std::uint8_t>(a);
      picture.plane(0)[19 * y + x] = a == 0 ? 0 : 200;
    }
  }
  return picture;
}

}  // namespace

TEST_CASE("beside visible pixels the hidden ones take their mean") {
  Image picture = picture_of([](int x, int) { return x < 12 ? 255 : 0; });
  picture.plane(1)[10 * 2 + 6] = 0;  // colours x 12 and 13: hidden
  picture.plane(1)[10 * 2 + 5] = 80;
  smooth_hidden_pixels(picture);
  CHECK(picture.plane(0)[19 * 3 + 11] == 200);
  CHECK(picture.plane(0)[19 * 3 + 12] == 200);
  CHECK(picture.plane(1)[10 * 2 + 5] == 80);
  CHECK(picture.plane(1)[10 * 2 + 6] == 89);
}

TEST_CASE("where nothing is visible the block to the left goes on") {
  Image picture = picture_of([](int x, int) { return x < 8 ? 255 : 0; });
  smooth_hidden_pixels(picture);
  CHECK(picture.plane(0)[19 * 10 + 18] == 200);
  CHECK(picture.plane(2)[10 * 5 + 9] == 160);
}

TEST_CASE("a picture that cannot be seen becomes flat row by row of blocks") {
  Image picture = picture_of([](int, int) { return 0; });
  picture.plane(0)[0] = 77;
  smooth_hidden_pixels(picture);
  CHECK(std::count(picture.plane(0), picture.plane(0) + 19 * 8, 77) == 19 * 8);
}

TEST_CASE("visible pixels stay, however faint") {
  Image picture = picture_of([](int x, int y) { return (x + y) % 2; });
  const Image before = picture;
  smooth_hidden_pixels(picture);
  for (int i = 0; i < 19 * 11; ++i) {
    if (picture.plane(3)[i] != 0) CHECK(picture.plane(0)[i] == before.view().data[0][i]);
  }
  CHECK(picture.plane(1)[0] == 90);
}
