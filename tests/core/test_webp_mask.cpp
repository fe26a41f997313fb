// SPDX-License-Identifier: LGPL-2.1-or-later
// Masks of macroblocks, read by libwebp.
#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/webp_container.h"
#include "gst/core/webp_mask.h"
#include "gst/core/webp_picture.h"
#include "tests/support/webp_reader.h"

namespace {

using anim::Bytes;
using anim::Image;
using anim::PixelFormat;
using anim::Size;

/// A grey picture in which `seen(column, row)` says which macroblocks are opaque.
template <class Seen>
Image picture_of(Size size, Seen seen) {
  Image picture(PixelFormat::A420, size);
  for (int plane = 0; plane < 3; ++plane) {
    std::fill_n(picture.plane(plane), plane_bytes(PixelFormat::A420, size, plane).area(), 120);
  }
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      picture.plane(3)[size.width * y + x] = seen(x / 16, y / 16) ? 255 : 0;
    }
  }
  return picture;
}

/// How many pixels libwebp reads with another alpha.
int wrong_alphas(Image picture) {
  const Image before = picture;
  const Bytes chunks = lossy_chunks(picture, {}).value();
  const Size size = picture.size();
  anim::WebpContainer container({.canvas = size});
  Bytes file = container.header();
  const Bytes frame = container.frame({{0, 0, size.width, size.height}, chunks}, 40).value();
  file.insert(file.end(), frame.begin(), frame.end());
  for (const anim::Patch& patch : container.patches()) {
    std::copy(patch.bytes.begin(), patch.bytes.end(),
              file.begin() + static_cast<std::ptrdiff_t>(patch.offset));
  }
  const auto back = webp_reader::read(file);
  REQUIRE(back.is_valid);
  REQUIRE(back.frames.size() == 1);
  int wrong = 0;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const int expected = before.view().row(3, y)[static_cast<std::size_t>(x)];
      wrong += back.pixel(0, x, y)[3] == expected ? 0 : 1;
    }
  }
  return wrong;
}

std::size_t size_of(const Image& picture) {
  return mask_payload(*macroblock_mask(picture.view())).size();
}

}  // namespace

TEST_CASE("masks of every shape are read back") {
  std::mt19937 random(1);
  for (const Size size : {Size{16, 16}, Size{1, 1}, Size{17, 33}, Size{40, 16}, Size{640, 360},
                          Size{249, 71}, Size{8, 200}}) {
    for (const unsigned seen_of_16 : {0U, 1U, 8U, 15U}) {
      CAPTURE(size.width);
      CAPTURE(seen_of_16);
      std::vector<bool> seen(41 * 41);
      std::generate(seen.begin(), seen.end(), [&] { return random() % 16 < seen_of_16; });
      CHECK(wrong_alphas(picture_of(size, [&](int x, int y) { return seen[41 * y + x]; })) == 0);
    }
  }
  CHECK(wrong_alphas(picture_of({320, 160}, [](int x, int y) { return (x + y) % 2 == 0; })) == 0);
}

TEST_CASE("a mask is tens of bytes") {
  // One rectangle, as most changes are.
  const auto in_one = [](int x, int y) { return x > 3 && x < 20 && y > 5 && y < 12; };
  CHECK(size_of(picture_of({640, 360}, in_one)) < 60);
  std::mt19937 random(1);
  // A tenth here and there: the information in it is 54 bytes.
  std::vector<bool> seen(40 * 23);
  std::generate(seen.begin(), seen.end(), [&] { return random() % 10 == 0; });
  CHECK(size_of(picture_of({640, 360}, [&](int x, int y) { return seen[40 * y + x]; })) < 200);
}

TEST_CASE("alpha of anything less than a macroblock is no mask") {
  Image picture = picture_of({40, 40}, [](int x, int) { return x == 1; });
  const auto mask = macroblock_mask(picture.view());
  REQUIRE(mask);
  CHECK(mask->seen ==
        std::vector<bool>{false, true, false, false, true, false, false, true, false});
  picture.plane(3)[40 * 39 + 39] = 255;
  CHECK_FALSE(macroblock_mask(picture.view()));
  std::fill_n(picture.plane(3), 40 * 40, 128);
  CHECK_FALSE(macroblock_mask(picture.view()));
}
