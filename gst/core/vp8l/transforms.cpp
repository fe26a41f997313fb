// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/transforms.h"

#include "gst/core/vp8l/image_stream.h"

namespace anim::vp8l {
namespace {

/// As the stream numbers them.
enum class Transform : std::uint8_t { Predictor, Color, SubtractGreen, ColorIndexing };

void put_transform(LowBitWriter& out, Transform transform) {
  out.put(1, 1);
  out.put(static_cast<std::uint32_t>(transform), 2);
}

}  // namespace

void put_subtract_green(LowBitWriter& out) {
  put_transform(out, Transform::SubtractGreen);
}

Pixels without_green(Pixels pixels) {
  for (std::uint32_t& pixel : pixels.words) {
    const std::uint32_t green = pixel >> 8 & 0xFF;
    const std::uint32_t red_blue = (pixel & 0x00FF00FF) + 0x01000100 - (green << 16 | green);
    pixel = (pixel & 0xFF00FF00) | (red_blue & 0x00FF00FF);
  }
  return pixels;
}

void put_predictors(LowBitWriter& out, const Predicted& predicted) {
  put_transform(out, Transform::Predictor);
  out.put(static_cast<std::uint32_t>(predicted.tiles.bits - 2), 3);
  Pixels modes{predicted.tiles.columns, predicted.tiles.rows, {}};
  for (const std::uint8_t mode : predicted.modes) modes.words.push_back(std::uint32_t{mode} << 8);
  put_small_picture(out, modes);
}

void put_color_table(LowBitWriter& out, const std::vector<std::uint32_t>& table) {
  put_transform(out, Transform::ColorIndexing);
  out.put(static_cast<std::uint32_t>(table.size() - 1), 8);
  Pixels differences{static_cast<int>(table.size()), 1, {}};
  std::uint32_t before = 0;
  for (const std::uint32_t color : table) {
    differences.words.push_back(difference(color, before));
    before = color;
  }
  put_small_picture(out, differences);
}

void put_no_more_transforms(LowBitWriter& out) {
  out.put(0, 1);
}

}  // namespace anim::vp8l
