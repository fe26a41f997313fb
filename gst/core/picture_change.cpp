// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/picture_change.h"

#include <algorithm>
#include <cmath>

namespace anim {
namespace {

constexpr float kFullScale = 255;
constexpr float kLumaBlack = 16;     // of limited range, ITU-R BT.601
constexpr float kLumaScale = 219;    // likewise
constexpr float kChromaScale = 224;  // likewise
constexpr float kChromaZero = 128;

/// The samples of `length` that cell `index` of `cells` covers: at least one.
struct Covered {
  int begin;
  int end;
};
Covered covered(int index, int cells, int length) {
  const int begin = index * length / cells;
  return {begin, std::max((index + 1) * length / cells, begin + 1)};
}

float mean_of(const ChannelView& channel, Covered columns, Covered rows) {
  std::uint64_t sum = 0;
  for (int y = rows.begin; y < rows.end; ++y) {
    const std::uint8_t* row = channel.data + y * channel.row_stride;
    for (int x = columns.begin; x < columns.end; ++x) sum += row[x * channel.sample_stride];
  }
  const auto count = (columns.end - columns.begin) * (rows.end - rows.begin);
  return static_cast<float>(sum) / static_cast<float>(count);
}

}  // namespace

ColourGrid::ColourGrid(const PictureView& picture) {
  for (std::size_t i = 0; i < picture.colours.size(); ++i) read(picture.colours[i], planes_[i]);
  planes_[3].fill(kFullScale);
  read(picture.alpha, planes_[3]);
  for (float& mean : planes_[3]) mean /= kFullScale;
  if (picture.model == PictureView::Model::Rgb) {
    convert_rgb();
  } else {
    scale_yuv(picture);
  }
}

void ColourGrid::read(const std::optional<ChannelView>& channel, Plane& means) {
  if (!channel) return;
  for (int y = 0; y < kSide; ++y) {
    const Covered rows = covered(y, kSide, channel->size.height);
    for (int x = 0; x < kSide; ++x) {
      const Covered columns = covered(x, kSide, channel->size.width);
      const auto cell = static_cast<std::size_t>(y) * kSide + static_cast<std::size_t>(x);
      means[cell] = mean_of(*channel, columns, rows);
    }
  }
}

void ColourGrid::scale_yuv(const PictureView& picture) {
  for (std::size_t i = 0; i < picture.colours.size(); ++i) {
    if (!picture.colours[i]) continue;
    const bool is_luma = i == 0;
    const float black = picture.is_full_range ? 0 : kLumaBlack;
    const float limited = is_luma ? kLumaScale : kChromaScale;
    const float scale = picture.is_full_range ? kFullScale : limited;
    const float zero = is_luma ? black : kChromaZero;
    for (float& mean : planes_[i]) mean = (mean - zero) / scale;
  }
}

// ITU-R BT.601; means are as linear as the conversion.
void ColourGrid::convert_rgb() {
  constexpr float kRed = 0.299F;
  constexpr float kBlue = 0.114F;
  for (std::size_t i = 0; i < planes_[0].size(); ++i) {
    const float red = planes_[0][i] / kFullScale;
    const float green = planes_[1][i] / kFullScale;
    const float blue = planes_[2][i] / kFullScale;
    const float luma = kRed * red + (1 - kRed - kBlue) * green + kBlue * blue;
    planes_[0][i] = luma;
    planes_[1][i] = (blue - luma) / (2 * (1 - kBlue));
    planes_[2][i] = (red - luma) / (2 * (1 - kRed));
  }
}

double ColourGrid::change_from(const ColourGrid& other) const {
  double sum = 0;
  for (std::size_t i = 0; i < planes_[0].size(); ++i) {
    float largest = 0;
    for (std::size_t plane = 0; plane < planes_.size(); ++plane) {
      largest = std::max(largest, std::abs(planes_[plane][i] - other.planes_[plane][i]));
    }
    sum += largest;
  }
  return std::min(100 * sum / static_cast<double>(planes_[0].size()), 100.0);
}

}  // namespace anim
