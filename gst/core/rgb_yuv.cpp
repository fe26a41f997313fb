// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/rgb_yuv.h"

#include <algorithm>
#include <array>
#include <vector>

#include "gst/core/vector_clones.h"

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

ANIM_VECTOR_CLONES
void luma_row(const std::uint32_t* bgra, int width, std::uint8_t* out) {
  for (int x = 0; x < width; ++x) {
    const auto level = [&](int shift) { return static_cast<int>(bgra[x] >> shift & 0xFF); };
    out[x] = weighed(kLuma, level(16), level(8), level(0), 0);
  }
}

using Quad = std::array<std::uint32_t, 4>;

/// Four times the mean of the channel `shift` bits up; the more opaque pixels are the more they
/// count, where any is opaque at all.
int fourfold_mean(const Quad& quad, int shift) {
  const bool is_clear = (quad[0] | quad[1] | quad[2] | quad[3]) >> 24 == 0;
  int sum = 0;
  int total = 0;
  for (const std::uint32_t pixel : quad) {
    const int weight = is_clear ? 1 : static_cast<int>(pixel >> 24);
    sum += static_cast<int>(pixel >> shift & 0xFF) * weight;
    total += weight;
  }
  return (4 * sum + total / 2) / total;
}

/// Whether all pixels of both rows are as opaque as each other.
ANIM_VECTOR_CLONES
bool have_one_alpha(const std::uint32_t* upper, const std::uint32_t* lower, int width) {
  std::uint32_t other = 0;
  for (int x = 0; x < width; ++x) other |= (upper[x] ^ upper[0]) | (lower[x] ^ upper[0]);
  return other >> 24 == 0;
}

/// Of `count` quads of pixels that are as opaque as each other.
ANIM_VECTOR_CLONES
void even_chroma(const std::uint32_t* upper, const std::uint32_t* lower, int count, std::uint8_t* u,
                 std::uint8_t* v) {
  for (std::ptrdiff_t x = 0; x < count; ++x) {
    const auto sum = [&](int shift) {
      return static_cast<int>((upper[2 * x] >> shift & 0xFF) + (upper[2 * x + 1] >> shift & 0xFF) +
                              (lower[2 * x] >> shift & 0xFF) + (lower[2 * x + 1] >> shift & 0xFF));
    };
    u[x] = weighed(kU, sum(16), sum(8), sum(0), 2);
    v[x] = weighed(kV, sum(16), sum(8), sum(0), 2);
  }
}

void chroma_row(const ImageView& picture, int y, std::uint8_t* u, std::uint8_t* v) {
  const std::uint32_t* upper = packed_words(picture, 2 * y).data();
  const std::uint32_t* lower =
      packed_words(picture, std::min(2 * y + 1, picture.size.height - 1)).data();
  const int width = picture.size.width;
  int x = 0;
  if (have_one_alpha(upper, lower, width)) {
    x = width / 2;
    even_chroma(upper, lower, x, u, v);
  }
  for (; x < (width + 1) / 2; ++x) {
    const int right = std::min(2 * x + 1, width - 1);
    const Quad quad = {upper[2 * x], upper[right], lower[2 * x], lower[right]};
    const int red = fourfold_mean(quad, 16);
    const int green = fourfold_mean(quad, 8);
    const int blue = fourfold_mean(quad, 0);
    u[x] = weighed(kU, red, green, blue, 2);
    v[x] = weighed(kV, red, green, blue, 2);
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
    luma_row(packed_words(picture, y).data(), width, out.plane(0) + y * stride[0]);
    if (format != PixelFormat::A420) continue;
    alpha_row(picture.row(0, y).data(), width, out.plane(3) + y * stride[3]);
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
