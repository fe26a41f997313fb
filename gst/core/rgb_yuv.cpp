// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/rgb_yuv.h"

#include <algorithm>
#include <array>
#include <vector>

namespace anim {
namespace {

constexpr int kOpaque = 255;

/// The weights of red, green and blue in units of 1/65536 (ITU-R BT.601), and the offset.
struct Weights {
  int red;
  int green;
  int blue;
  int offset;
};
constexpr int kBits = 16;
constexpr Weights kLuma = {16829, 33039, 6416, 16};
constexpr Weights kU = {-9714, -19071, 28785, 128};
constexpr Weights kV = {28785, -24104, -4681, 128};

/// Of `count` pixels in each colour's sum (1, or 4 with `shift` 2).
std::uint8_t weighed(const Weights& weights, int red, int green, int blue, int shift) {
  const int bits = kBits + shift;
  const int sum = weights.red * red + weights.green * green + weights.blue * blue +
                  (weights.offset << bits) + (1 << (bits - 1));
  return static_cast<std::uint8_t>(std::clamp(sum >> bits, 0, 255));
}

void luma_row(const std::uint8_t* bgra, int width, std::uint8_t* out) {
  for (int x = 0; x < width; ++x, bgra += 4) out[x] = weighed(kLuma, bgra[2], bgra[1], bgra[0], 0);
}

using Quad = std::array<const std::uint8_t*, 4>;

/// Four times the mean of a channel of four pixels; the more opaque they are the more they count.
int fourfold_mean(const Quad& quad, int channel) {
  int sum = 0;
  int total = 0;
  for (const std::uint8_t* pixel : quad) {
    sum += pixel[channel] * pixel[3];
    total += pixel[3];
  }
  return total == 0 ? 0 : (4 * sum + total / 2) / total;
}

int fourfold_sum(const Quad& quad, int channel) {
  return quad[0][channel] + quad[1][channel] + quad[2][channel] + quad[3][channel];
}

void chroma_row(const ImageView& picture, int y, std::uint8_t* u, std::uint8_t* v) {
  const std::uint8_t* upper = picture.row(0, 2 * y).data();
  const std::uint8_t* lower = picture.row(0, std::min(2 * y + 1, picture.size.height - 1)).data();
  const int width = picture.size.width;
  for (int x = 0; x < (width + 1) / 2; ++x) {
    const int left = 8 * x;
    const int right = 4 * std::min(2 * x + 1, width - 1);
    const Quad quad = {upper + left, upper + right, lower + left, lower + right};
    const int alpha = quad[0][3];
    const bool is_even = alpha == quad[1][3] && alpha == quad[2][3] && alpha == quad[3][3];
    std::array<int, 3> bgr{};
    for (int c = 0; c < 3; ++c) {
      bgr.at(c) = is_even ? fourfold_sum(quad, c) : fourfold_mean(quad, c);
    }
    u[x] = weighed(kU, bgr[2], bgr[1], bgr[0], 2);
    v[x] = weighed(kV, bgr[2], bgr[1], bgr[0], 2);
  }
}

void alpha_row(const std::uint8_t* bgra, int width, std::uint8_t* out) {
  for (int x = 0; x < width; ++x) out[x] = bgra[4 * static_cast<std::ptrdiff_t>(x) + 3];
}

/// A row of chroma at full width in sixteenths, between the row `near` and a quarter of `far`.
void interpolate(const std::uint8_t* near, const std::uint8_t* far, int width, std::uint8_t* out) {
  const int last = (width + 1) / 2 - 1;
  for (int x = 0; x < width; ++x) {
    const int at = x / 2;
    const int beside = std::clamp(x % 2 == 0 ? at - 1 : at + 1, 0, last);
    out[x] = static_cast<std::uint8_t>(
        (9 * near[at] + 3 * near[beside] + 3 * far[at] + far[beside] + 8) >> 4);
  }
}

/// `value` in units of 1/64.
std::uint8_t clipped(int value) {
  return static_cast<std::uint8_t>(std::clamp(value >> 6, 0, 255));
}

void rgb_row(const std::uint8_t* luma, const std::uint8_t* u, const std::uint8_t* v, int width,
             std::uint8_t* bgra) {
  for (int x = 0; x < width; ++x, bgra += 4) {
    const int y = luma[x] * 19077 >> 8;
    bgra[0] = clipped(y + (u[x] * 33050 >> 8) - 17685);
    bgra[1] = clipped(y - (u[x] * 6419 >> 8) - (v[x] * 13320 >> 8) + 8708);
    bgra[2] = clipped(y + (v[x] * 26149 >> 8) - 14234);
    bgra[3] = kOpaque;
  }
}

}  // namespace

Image yuv_from_rgb(const ImageView& picture, PixelFormat format) {
  Image out(format, picture.size);
  const auto [width, height] = picture.size;
  const auto stride = out.view().stride;
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* bgra = picture.row(0, y).data();
    luma_row(bgra, width, out.plane(0) + y * stride[0]);
    if (format == PixelFormat::A420) alpha_row(bgra, width, out.plane(3) + y * stride[3]);
  }
  for (int y = 0; y < (height + 1) / 2; ++y) {
    chroma_row(picture, y, out.plane(1) + y * stride[1], out.plane(2) + y * stride[2]);
  }
  return out;
}

Image rgb_from_yuv(const ImageView& picture) {
  Image out(PixelFormat::Bgra, picture.size);
  const auto [width, height] = picture.size;
  std::vector<std::uint8_t> u(static_cast<std::size_t>(width));
  std::vector<std::uint8_t> v(static_cast<std::size_t>(width));
  const int last = (height + 1) / 2 - 1;
  for (int y = 0; y < height; ++y) {
    const int far = std::clamp(y % 2 == 0 ? y / 2 - 1 : y / 2 + 1, 0, last);
    interpolate(picture.row(1, y / 2).data(), picture.row(1, far).data(), width, u.data());
    interpolate(picture.row(2, y / 2).data(), picture.row(2, far).data(), width, v.data());
    std::uint8_t* bgra = out.plane(0) + y * out.view().stride[0];
    rgb_row(picture.row(0, y).data(), u.data(), v.data(), width, bgra);
    if (picture.format != PixelFormat::A420) continue;
    const auto alpha = picture.row(3, y);
    for (std::size_t x = 0; x < alpha.size(); ++x) bgra[4 * x + 3] = alpha[x];
  }
  return out;
}

}  // namespace anim
