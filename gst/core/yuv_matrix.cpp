// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/yuv_matrix.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

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

using Row = std::span<const std::uint8_t>;

// The loops over pixels have all they use in their hands: bytes may be anything else, too, and what
// a store could change would be read again for each.

void add_luma(int gain, Row luma, const std::vector<int>& part, std::uint8_t* to) {
  const int* add = part.data();
  for (std::size_t x = 0; x < luma.size(); ++x) to[x] = rounded(gain * luma[x] + add[x]);
}

void mix(const std::array<int, 4>& gains, Row u, Row v, std::uint8_t* to) {
  const auto [none, of_u, of_v, constant] = gains;
  for (std::size_t x = 0; x < u.size(); ++x) {
    to[x] = rounded(of_u * u[x] + of_v * v[x] + constant);
  }
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
  const auto [width, height] = picture.size;
  std::vector<int> part(static_cast<std::size_t>(width + width % 2));
  for (int y = 0; y < height; ++y) {
    // Two rows share their chroma.
    if (y % 2 == 0) chroma_part(picture.row(1, y / 2), picture.row(2, y / 2), part);
    add_luma(rows_[0][0], picture.row(0, y), part, out.plane(0) + y * out.view().stride[0]);
  }
}

/// What chroma and the constant add to the luma of two pixels beside each other.
void YuvMatrix::chroma_part(Row u, Row v, std::vector<int>& part) const {
  const int of_u = rows_[0][1];
  const int of_v = rows_[0][2];
  const int constant = rows_[0][3];
  for (std::size_t x = 0; x < u.size(); ++x) {
    const int sum = of_u * u[x] + of_v * v[x] + constant;
    part[2 * x] = sum;
    part[2 * x + 1] = sum;
  }
}

void YuvMatrix::convert_chroma(const ImageView& picture, Image& out) const {
  const int rows = plane_bytes(picture.format, picture.size, 1).height;
  for (int y = 0; y < rows; ++y) {
    for (int plane = 1; plane <= 2; ++plane) {
      mix(rows_.at(static_cast<std::size_t>(plane)), picture.row(1, y), picture.row(2, y),
          out.plane(plane) + y * out.view().stride.at(static_cast<std::size_t>(plane)));
    }
  }
}

}  // namespace anim
