// SPDX-License-Identifier: LGPL-2.1-or-later
// Single pictures, read by libwebp.
#include <algorithm>
#include <random>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/webp_container.h"
#include "gst/core/webp_picture.h"
#include "tests/support/webp_reader.h"

namespace {

using anim::Bytes;
using anim::Image;
using anim::PixelFormat;
using anim::Size;
using anim::WebpPreset;
using anim::WebpSettings;

constexpr Size kSize{61, 43};

enum class Alpha { Opaque, Random, Transparent };

Image picture_of(Alpha alpha) {
  std::mt19937 random(1);
  Image picture(PixelFormat::A420, kSize);
  for (int plane = 0; plane < 4; ++plane) {
    const Size extent = plane_bytes(PixelFormat::A420, kSize, plane);
    for (int i = 0; i < extent.area(); ++i) {
      unsigned level = plane == 0 ? 40 + random() % 150 : 128;
      if (plane == 3) level = alpha == Alpha::Random ? random() % 256 : 255;
      if (plane == 3 && alpha == Alpha::Transparent) level = 0;
      picture.plane(plane)[i] = static_cast<std::uint8_t>(level);
    }
  }
  return picture;
}

bool begins_with(const Bytes& chunks, std::string_view name) {
  return std::equal(name.begin(), name.end(), chunks.begin());
}

/// A file of one frame.
Bytes file_of(const Bytes& chunks) {
  anim::WebpContainer container({.canvas = kSize});
  Bytes file = container.header();
  const Bytes frame = container.frame({{0, 0, kSize.width, kSize.height}, chunks}, 40).value();
  file.insert(file.end(), frame.begin(), frame.end());
  for (const anim::Patch& patch : container.patches()) {
    std::copy(patch.bytes.begin(), patch.bytes.end(),
              file.begin() + static_cast<std::ptrdiff_t>(patch.offset));
  }
  return file;
}

Bytes chunks_of(Image picture, const WebpSettings& settings = {}) {
  return lossy_chunks(picture, settings).value();
}

}  // namespace

TEST_CASE("alpha comes back exactly, whatever the speed") {
  for (const auto alpha : {Alpha::Random, Alpha::Transparent}) {
    for (const int method : {0, 1, 3, 6}) {
      CAPTURE(method);
      const Image picture = picture_of(alpha);
      const auto back =
          webp_reader::read(file_of(chunks_of(picture_of(alpha), {.method = method})));
      REQUIRE(back.is_valid);
      REQUIRE(back.frames.size() == 1);
      int wrong = 0;
      for (int y = 0; y < kSize.height; ++y) {
        for (int x = 0; x < kSize.width; ++x) {
          const int expected = picture.view().row(3, y)[static_cast<std::size_t>(x)];
          wrong += back.pixel(0, x, y)[3] == expected ? 0 : 1;
        }
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("an opaque picture has no chunk of alpha") {
  CHECK(begins_with(chunks_of(picture_of(Alpha::Opaque)), "VP8 "));
  CHECK(begins_with(chunks_of(picture_of(Alpha::Random)), "ALPH"));
}

TEST_CASE("what cannot be seen costs little") {
  CHECK(chunks_of(picture_of(Alpha::Transparent)).size() * 8 <
        chunks_of(picture_of(Alpha::Opaque)).size());
}

TEST_CASE("what is hidden beside a figure costs nothing") {
  // A grey disc; its surroundings are grey too, or black.
  const auto disc = [](int around) {
    Image picture(PixelFormat::A420, kSize);
    std::fill_n(picture.plane(1), picture.view().stride[1] * 22, 128);
    std::fill_n(picture.plane(2), picture.view().stride[2] * 22, 128);
    for (int y = 0; y < kSize.height; ++y) {
      for (int x = 0; x < kSize.width; ++x) {
        const bool is_inside = (x - 30) * (x - 30) + (y - 20) * (y - 20) < 200;
        picture.plane(0)[kSize.width * y + x] = static_cast<std::uint8_t>(is_inside ? 150 : around);
        picture.plane(3)[kSize.width * y + x] = is_inside ? 255 : 0;
      }
    }
    return picture;
  };
  CHECK(chunks_of(disc(16)).size() < chunks_of(disc(150)).size() + 30);
}

TEST_CASE("presets are different tunings") {
  std::vector<Bytes> all;
  for (const auto preset : {WebpPreset::None, WebpPreset::Picture, WebpPreset::Photo,
                            WebpPreset::Drawing, WebpPreset::Icon}) {
    const Bytes chunks = chunks_of(picture_of(Alpha::Opaque), {.preset = preset});
    CHECK(std::find(all.begin(), all.end(), chunks) == all.end());
    CHECK(webp_reader::read(file_of(chunks)).frames.size() == 1);
    all.push_back(chunks);
  }
}

TEST_CASE("settings beyond their ranges are refused") {
  CHECK(anim::check_webp_settings({}).ok());
  CHECK_FALSE(anim::check_webp_settings({.quality = -1}).ok());
  CHECK_FALSE(anim::check_webp_settings({.quality = 100.5F}).ok());
  CHECK_FALSE(anim::check_webp_settings({.method = 7}).ok());
  CHECK_FALSE(anim::check_webp_settings({.near_lossless = 101}).ok());
}
