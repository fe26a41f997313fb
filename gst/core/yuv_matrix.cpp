// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/yuv_matrix.h"

#include <algorithm>
#include <cmath>

namespace anim {
namespace {

constexpr int kBits = 16;
constexpr double kLimitedLuma = 219;
constexpr double kLimitedChroma = 224;
constexpr double kLumaOffset = 16;
constexpr double kChromaOffset = 128;

using Triple = std::array<double, 3>;

/// (Y, U, V) of the source as that of BT.601, all normalised: luma 0 to 1, chroma -1/2 to 1/2.
Triple as_bt601(const YuvColours& from, const Triple& yuv) {
  const double red = yuv[0] + 2 * (1 - from.kr) * yuv[2];
  const double blue = yuv[0] + 2 * (1 - from.kb) * yuv[1];
  const double green = (yuv[0] - from.kr * red - from.kb * blue) / (1 - from.kr - from.kb);
  const YuvColours to;
  const double luma = to.kr * red + (1 - to.kr - to.kb) * green + to.kb * blue;
  return {luma, (blue - luma) / (2 * (1 - to.kb)), (red - luma) / (2 * (1 - to.kr))};
}

std::uint8_t rounded(int value) {
  return static_cast<std::uint8_t>(std::clamp((value + (1 << (kBits - 1))) >> kBits, 0, 255));
}

}  // namespace

YuvMatrix::YuvMatrix(const YuvColours& from) {
  const double luma = from.is_full_range ? 255 : kLimitedLuma;
  const double chroma = from.is_full_range ? 255 : kLimitedChroma;
  const Triple in_scale = {luma, chroma, chroma};
  const Triple in_offset = {from.is_full_range ? 0 : kLumaOffset, kChromaOffset, kChromaOffset};
  const Triple out_scale = {kLimitedLuma, kLimitedChroma, kLimitedChroma};
  const Triple out_offset = {kLumaOffset, kChromaOffset, kChromaOffset};
  const double unit = 1 << kBits;
  Triple constant = out_offset;
  for (std::size_t in = 0; in < 3; ++in) {
    Triple one{};
    one.at(in) = 1;
    const Triple column = as_bt601(from, one);
    for (std::size_t out = 0; out < 3; ++out) {
      const double gain = column.at(out) * out_scale.at(out) / in_scale.at(in);
      rows_.at(out).at(in) = static_cast<int>(std::lround(gain * unit));
      constant.at(out) -= gain * in_offset.at(in);
    }
  }
  for (std::size_t out = 0; out < 3; ++out) {
    rows_.at(out)[3] = static_cast<int>(std::lround(constant.at(out) * unit));
  }
}

void YuvMatrix::convert(const ImageView& picture, Image& out) const {
  if (out.format() != picture.format || out.size() != picture.size) {
    out = Image(picture.format, picture.size);
  }
  convert_luma(picture, out);
  convert_chroma(picture, out);
  if (picture.format != PixelFormat::A420) return;
  for (int y = 0; y < picture.size.height; ++y) {
    const auto row = picture.row(3, y);
    std::copy(row.begin(), row.end(), out.plane(3) + y * out.view().stride[3]);
  }
}

void YuvMatrix::convert_luma(const ImageView& picture, Image& out) const {
  const auto [of_y, of_u, of_v, constant] = rows_[0];
  for (int y = 0; y < picture.size.height; ++y) {
    const std::uint8_t* luma = picture.row(0, y).data();
    const std::uint8_t* u = picture.row(1, y / 2).data();
    const std::uint8_t* v = picture.row(2, y / 2).data();
    std::uint8_t* to = out.plane(0) + y * out.view().stride[0];
    for (int x = 0; x < picture.size.width; ++x) {
      to[x] = rounded(of_y * luma[x] + of_u * u[x / 2] + of_v * v[x / 2] + constant);
    }
  }
}

void YuvMatrix::convert_chroma(const ImageView& picture, Image& out) const {
  const Size extent = plane_bytes(picture.format, picture.size, 1);
  for (int y = 0; y < extent.height; ++y) {
    const std::uint8_t* u = picture.row(1, y).data();
    const std::uint8_t* v = picture.row(2, y).data();
    std::uint8_t* to_u = out.plane(1) + y * out.view().stride[1];
    std::uint8_t* to_v = out.plane(2) + y * out.view().stride[2];
    for (int x = 0; x < extent.width; ++x) {
      to_u[x] = rounded(rows_[1][1] * u[x] + rows_[1][2] * v[x] + rows_[1][3]);
      to_v[x] = rounded(rows_[2][1] * u[x] + rows_[2][2] * v[x] + rows_[2][3]);
    }
  }
}

}  // namespace anim
