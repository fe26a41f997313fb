// SPDX-License-Identifier: LGPL-2.1-or-later
// RGB to the YUV of WebP and back, against libwebp's own encoder and decoder.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>
#include <webp/decode.h>
#include <webp/encode.h>

#include "gst/core/rgb_yuv.h"
#include "gst/core/webp_container.h"
#include "gst/core/webp_picture.h"
#include "tests/support/webp_reader.h"

namespace {

using anim::Bytes;
using anim::Image;
using anim::PixelFormat;
using anim::Size;

constexpr Size kSizes[] = {{1, 1}, {2, 2}, {3, 5}, {16, 16}, {33, 20}, {1, 9}, {9, 1}};

Image random_picture(PixelFormat format, Size size, unsigned seed) {
  std::mt19937 random(seed);
  Image picture(format, size);
  for (int plane = 0; plane < plane_count(format); ++plane) {
    std::generate_n(picture.plane(plane), plane_bytes(format, size, plane).area(),
                    [&] { return static_cast<std::uint8_t>(random()); });
  }
  return picture;
}

Image filled(Size size, std::uint8_t b, std::uint8_t g, std::uint8_t r) {
  Image picture(PixelFormat::Bgra, size);
  for (int i = 0; i < size.area(); ++i) {
    const std::uint8_t bgra[] = {b, g, r, 255};
    std::copy_n(bgra, 4, picture.plane(0) + 4 * static_cast<std::ptrdiff_t>(i));
  }
  return picture;
}

/// The planes that libwebp's decoder finds in a VP8 file.
Image decoded_yuv(const Bytes& file) {
  Size size;
  std::uint8_t* u = nullptr;
  std::uint8_t* v = nullptr;
  int stride = 0;
  int chroma_stride = 0;
  std::uint8_t* y = WebPDecodeYUV(file.data(), file.size(), &size.width, &size.height, &u, &v,
                                  &stride, &chroma_stride);
  REQUIRE(y != nullptr);
  Image picture(anim::ImageView{.format = PixelFormat::I420,
                                .size = size,
                                .data = {y, u, v, nullptr},
                                .stride = {stride, chroma_stride, chroma_stride, 0}});
  WebPFree(y);
  return picture;
}

/// A still file of one picture.
Bytes still(Image picture) {
  const Bytes chunks = anim::lossy_chunks(picture, {.quality = 90}).value();
  Bytes file = {'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'E', 'B', 'P'};
  const auto size = static_cast<std::uint32_t>(chunks.size() + 4);
  for (unsigned i = 0; i < 4; ++i) file[4 + i] = static_cast<std::uint8_t>(size >> 8 * i);
  file.insert(file.end(), chunks.begin(), chunks.end());
  return file;
}

}  // namespace

TEST_CASE("YUV becomes the RGB that libwebp's decoder shows") {
  for (const Size size : kSizes) {
    CAPTURE(size.width);
    CAPTURE(size.height);
    const Bytes file = still(random_picture(PixelFormat::I420, size, 7));
    const Image ours = rgb_from_yuv(decoded_yuv(file).view());
    int width = 0;
    int height = 0;
    std::uint8_t* theirs = WebPDecodeBGRA(file.data(), file.size(), &width, &height);
    REQUIRE(theirs != nullptr);
    CHECK(std::equal(theirs, theirs + size.area() * 4, ours.view().data[0]));
    WebPFree(theirs);
  }
}

TEST_CASE("RGB becomes BT.601 in limited range") {
  struct Case {
    const char* label;
    std::uint8_t b, g, r;
    int y, u, v;
  };
  const Case cases[] = {
      {"black", 0, 0, 0, 16, 128, 128},  {"white", 255, 255, 255, 235, 128, 128},
      {"red", 0, 0, 255, 81, 90, 240},   {"green", 0, 255, 0, 145, 54, 34},
      {"blue", 255, 0, 0, 41, 240, 110},
  };
  for (const Case& row : cases) {
    CAPTURE(row.label);
    for (const Size size : kSizes) {
      const Image yuv = yuv_from_rgb(filled(size, row.b, row.g, row.r).view(), PixelFormat::I420);
      const int expected[] = {row.y, row.u, row.v};
      for (int plane = 0; plane < 3; ++plane) {
        for (int y = 0; y < plane_bytes(yuv.format(), size, plane).height; ++y) {
          for (const int sample : yuv.view().row(plane, y)) CHECK(sample == expected[plane]);
        }
      }
    }
  }
}

TEST_CASE("chroma is the mean of its four pixels, of the visible ones where some are hidden") {
  Image picture = filled({2, 2}, 0, 0, 255);
  std::fill_n(picture.plane(0), 4, 0);  // one pixel black and transparent
  const Image visible = yuv_from_rgb(picture.view(), PixelFormat::A420);
  CHECK(visible.view().row(2, 0)[0] == 240);
  CHECK(visible.view().row(3, 0)[0] == 0);
  CHECK(visible.view().row(3, 1)[1] == 255);
  picture.plane(0)[3] = 255;
  const Image mixed = yuv_from_rgb(picture.view(), PixelFormat::I420);
  CHECK(mixed.view().row(2, 0)[0] == 128 + 112 * 3 / 4);
}

TEST_CASE("chroma of hidden pixels is their own, whatever is beside them") {
  Image picture = filled({6, 2}, 0, 0, 255);
  for (const int pixel : {0, 1, 6, 7}) picture.plane(0)[4 * pixel + 3] = 0;
  const Image yuv = yuv_from_rgb(picture.view(), PixelFormat::A420);
  for (const int sample : yuv.view().row(2, 0)) CHECK(sample == 240);
}

TEST_CASE("alpha is carried over both ways") {
  const Image picture = random_picture(PixelFormat::Bgra, {13, 7}, 3);
  const Image yuv = yuv_from_rgb(picture.view(), PixelFormat::A420);
  const Image back = rgb_from_yuv(yuv.view());
  for (int i = 3; i < 13 * 7 * 4; i += 4) {
    CHECK(back.view().data[0][i] == picture.view().data[0][i]);
  }
}

TEST_CASE("flat colours survive the way there and back within two levels") {
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    const auto level = [&] { return static_cast<std::uint8_t>(random()); };
    const Image picture = filled({4, 4}, level(), level(), level());
    const Image back = rgb_from_yuv(yuv_from_rgb(picture.view(), PixelFormat::I420).view());
    for (int c = 0; c < 3; ++c) {
      CHECK(std::abs(back.view().data[0][c] - picture.view().data[0][c]) <= 2);
    }
  }
}
