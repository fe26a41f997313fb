// SPDX-License-Identifier: LGPL-2.1-or-later
// Our VP8, read by libwebp's decoder.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <doctest/doctest.h>
#include <webp/decode.h>

#include "gst/core/vp8/key_frame.h"
#include "gst/core/vp8/quantizer.h"
#include "gst/core/webp_container.h"

namespace {

using anim::Bytes;
using anim::Image;
using anim::PixelFormat;
using anim::Size;
using anim::vp8::KeyFrameSettings;

enum class Scene { Flat, Gradient, Texture, Noise, Shapes };

int level(Scene scene, int x, int y, std::mt19937& random) {
  switch (scene) {
    case Scene::Flat:
      return 111;
    case Scene::Gradient:
      return (2 * x + 3 * y) % 220 + 16;
    case Scene::Texture:
      return static_cast<int>(128 + 60 * std::sin(x * 0.7) * std::cos(y * 0.4 + x * 0.05) +
                              static_cast<int>(random() % 12));
    case Scene::Noise:
      return static_cast<int>(random() % 256);
    case Scene::Shapes: {
      const double ring = std::hypot(x - 100, y - 90);
      const int inside = ring < 60 ? 150 : 60 + x / 8;
      return x * 2 < y ? 220 - y / 4 : inside + static_cast<int>(random() % 4);
    }
  }
  return 0;
}

Image picture_of(Scene scene, Size size) {
  std::mt19937 random(1);
  Image picture(PixelFormat::I420, size);
  for (int plane = 0; plane < 3; ++plane) {
    const Size extent = plane_bytes(PixelFormat::I420, size, plane);
    for (int y = 0; y < extent.height; ++y) {
      for (int x = 0; x < extent.width; ++x) {
        picture.plane(plane)[y * extent.width + x] =
            static_cast<std::uint8_t>(level(scene, x + 40 * plane, y, random));
      }
    }
  }
  return picture;
}

bool is_hole(int column, int row) {
  return (column + row) % 3 != 0 || column > 7;
}

/// `picture` with alpha that hides holes, and under them whatever luma `random` gives.
Image with_holes(const Image& picture, std::mt19937& random) {
  Image made(PixelFormat::A420, picture.size());
  for (int plane = 0; plane < 4; ++plane) {
    const Size extent = plane_bytes(PixelFormat::A420, picture.size(), plane);
    const int side = plane == 1 || plane == 2 ? 8 : 16;
    for (int y = 0; y < extent.height; ++y) {
      for (int x = 0; x < extent.width; ++x) {
        const bool hidden = is_hole(x / side, y / side);
        std::uint8_t& to = made.plane(plane)[y * extent.width + x];
        if (plane == 3) {
          to = hidden ? 0 : 255;
        } else {
          const std::uint8_t seen = picture.view().row(plane, y)[static_cast<std::size_t>(x)];
          to = hidden && plane == 0 ? static_cast<std::uint8_t>(random()) : seen;
        }
      }
    }
  }
  return made;
}

Bytes encoded(const Image& picture, const KeyFrameSettings& settings) {
  return anim::vp8::encode_key_frame(picture.view(), settings).value();
}

struct Difference {
  bool is_read = false;
  int worst = 0;
  double squared = 0;  ///< a sample of luma, of what is seen
};

Difference difference(const Image& picture, const Bytes& frame) {
  const Bytes chunk = anim::webp_chunk("VP8 ", frame);
  Bytes file = {'R', 'I', 'F', 'F'};
  for (int i = 0; i < 4; ++i)
    file.push_back(static_cast<std::uint8_t>((chunk.size() + 4) >> 8 * i));
  for (const char c : {'W', 'E', 'B', 'P'}) file.push_back(static_cast<std::uint8_t>(c));
  file.insert(file.end(), chunk.begin(), chunk.end());
  int width = 0;
  int height = 0;
  std::array<int, 3> stride{};
  std::array<std::uint8_t*, 3> planes{};
  planes[0] = WebPDecodeYUV(file.data(), file.size(), &width, &height, &planes[1], &planes[2],
                            stride.data(), &stride[1]);
  stride[2] = stride[1];
  Difference found;
  double seen = 0;
  found.is_read = planes[0] != nullptr && Size{width, height} == picture.size();
  for (int plane = 0; found.is_read && plane < 3; ++plane) {
    const Size extent = plane_bytes(PixelFormat::I420, picture.size(), plane);
    for (int y = 0; y < extent.height; ++y) {
      for (int x = 0; x < extent.width; ++x) {
        const int side = plane == 0 ? 16 : 8;
        if (picture.format() == PixelFormat::A420 && is_hole(x / side, y / side)) {
          continue;
        }
        const int error = planes.at(plane)[y * stride.at(plane) + x] -
                          picture.view().row(plane, y)[static_cast<std::size_t>(x)];
        found.worst = std::max(found.worst, std::abs(error));
        if (plane == 0) found.squared += error * error;
        if (plane == 0) ++seen;
      }
    }
  }
  found.squared /= seen;
  WebPFree(planes[0]);
  return found;
}

}  // namespace

// The decoder predicts from what it has decoded: were one pixel of ours another, errors would grow
// from block to block, far beyond those of the finest quantiser.
TEST_CASE("the decoder sees what the encoder saw") {
  for (const auto scene : {Scene::Flat, Scene::Gradient, Scene::Texture, Scene::Noise}) {
    for (const int effort : {0, 1, 4, 6}) {
      for (const Size size : {Size{1, 1}, Size{16, 16}, Size{17, 15}, Size{95, 50}, Size{3, 70}}) {
        CAPTURE(static_cast<int>(scene));
        CAPTURE(effort);
        CAPTURE(size.width);
        const Image picture = picture_of(scene, size);
        const auto found = difference(
            picture, encoded(picture, {.quality = 100, .effort = effort, .filter_strength = 0}));
        REQUIRE(found.is_read);
        CHECK(found.worst <= 9);
      }
    }
  }
}

TEST_CASE("every quality is read, better ones are nearer and larger") {
  const Image picture = picture_of(Scene::Texture, {160, 120});
  double error = 1e9;
  std::size_t size = 0;
  for (const float quality : {0.0F, 20.0F, 40.0F, 60.0F, 75.0F, 90.0F, 100.0F}) {
    CAPTURE(quality);
    const Bytes frame = encoded(picture, {.quality = quality});
    const auto found = difference(picture, frame);
    REQUIRE(found.is_read);
    CHECK(found.squared < error);
    CHECK(frame.size() > size);
    error = found.squared;
    size = frame.size();
  }
}

TEST_CASE("effort lowers what the search lowers: errors and bits") {
  const Image picture = picture_of(Scene::Shapes, {320, 240});
  const double step = anim::vp8::quantizers_at(26).luma.ac_step();  // of quality 75
  const auto cost = [&](int effort) {
    const Bytes frame = encoded(picture, {.effort = effort, .masking = 0, .filter_strength = 0});
    const double error = difference(picture, frame).squared * 320 * 240;
    return error + 8.0 * static_cast<double>(frame.size()) * 0.0118 * step * step;
  };
  CHECK(cost(1) < cost(0));
  CHECK(cost(4) < cost(1));
  CHECK(cost(6) < cost(4));
}

TEST_CASE("masking and filtering are read at their ends") {
  const Image picture = picture_of(Scene::Texture, {100, 100});
  for (const int masking : {0, 100}) {
    for (const int filter : {0, 100}) {
      const auto found = difference(picture, encoded(picture, {.quality = 5,
                                                               .masking = masking,
                                                               .filter_strength = filter,
                                                               .filter_sharpness = 7}));
      CHECK(found.is_read);
    }
  }
  CHECK(encoded(picture, {.masking = 0}) != encoded(picture, {}));
  CHECK(encoded(picture, {.filter_strength = 0}) != encoded(picture, {}));
}

TEST_CASE("luma in holes is not looked at, what is beside them is as good as ever") {
  std::mt19937 random(1);
  const Image picture = picture_of(Scene::Texture, {250, 170});
  for (const int effort : {0, 4}) {
    for (const int masking : {0, 50}) {
      CAPTURE(effort);
      CAPTURE(masking);
      KeyFrameSettings settings{.quality = 100, .effort = effort, .masking = masking};
      const Bytes frame = encoded(with_holes(picture, random), settings);
      CHECK(frame == encoded(with_holes(picture, random), settings));
      settings.filter_strength = 0;
      const Image holed = with_holes(picture, random);
      const auto exact = difference(holed, encoded(holed, settings));
      REQUIRE(exact.is_read);
      CHECK(exact.worst <= 9);
      settings.filter_strength = 60;
      settings.quality = 60;
      const auto usual = difference(holed, encoded(holed, settings));
      CHECK(usual.squared < 1.1 * difference(picture, encoded(picture, settings)).squared);
    }
  }
}

TEST_CASE("a hole costs half a byte") {
  std::mt19937 random(1);
  const Image holed = with_holes(picture_of(Scene::Flat, {16 * 200, 16 * 40}), random);
  CHECK(encoded(holed, {}).size() < 200 * 40 / 2);
}

TEST_CASE("modes become simpler until they fit") {
  const Image picture = picture_of(Scene::Noise, {320, 320});
  const auto size_within = [&](std::size_t limit) -> std::size_t {
    const auto frame = anim::vp8::encode_key_frame(picture.view(), {.quality = 90}, {}, limit);
    if (!frame) return 0;
    const auto found = difference(picture, *frame);
    CHECK(found.is_read);
    CHECK(found.squared < 100);
    return frame->size();
  };
  const std::size_t free = size_within(anim::vp8::kMaxModes);
  const std::size_t undivided = size_within(2000);  // bytes; this picture's modes take 3000 to 4000
  const std::size_t means = size_within(1100);
  CHECK(undivided != free);
  CHECK(means != undivided);
  CHECK(means != 0);
  const auto refused = anim::vp8::encode_key_frame(picture.view(), {.quality = 90}, {}, 10);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == anim::ErrorCode::LimitExceeded);
}

TEST_CASE("sides beyond the format's are refused with the numbers") {
  Image picture(PixelFormat::I420, {16384, 1});
  const auto refused = anim::vp8::encode_key_frame(picture.view(), {});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("16384x1") != std::string::npos);
}
