// SPDX-License-Identifier: LGPL-2.1-or-later
// The transforms of 4x4 blocks in plain C++: what the other versions are held against, and what
// each does. Source: RFC 6386, section 14; coefficients are in raster order.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <span>

#include "gst/core/vp8/block.h"

namespace anim::vp8 {

// sqrt(2) * sin(pi / 8) and sqrt(2) * cos(pi / 8) in 1/4096.
inline constexpr int kSine = 2217;
inline constexpr int kCosine = 5352;
// The decoder's: sqrt(2) * cos(pi / 8) - 1 and sqrt(2) * sin(pi / 8) in 1/65536.
inline constexpr int kInverseCosine = 20091;
inline constexpr int kInverseSine = 35468;

namespace scalar {

/// The transform of source - prediction. A step of 2 in the first coefficient is one level.
inline void forward_dct(Samples source, Samples prediction, Coefficients& out) {
  std::array<int, 16> rows{};
  for (int y = 0; y < 4; ++y) {
    const std::uint8_t* s = source.data + y * source.stride;
    const std::uint8_t* p = prediction.data + y * prediction.stride;
    const int sum03 = s[0] - p[0] + (s[3] - p[3]);
    const int sum12 = s[1] - p[1] + (s[2] - p[2]);
    const int diff03 = s[0] - p[0] - (s[3] - p[3]);
    const int diff12 = s[1] - p[1] - (s[2] - p[2]);
    rows[4 * y] = (sum03 + sum12) * 8;
    rows[4 * y + 1] = (diff03 * kCosine + diff12 * kSine + 256) >> 9;
    rows[4 * y + 2] = (sum03 - sum12) * 8;
    rows[4 * y + 3] = (diff03 * kSine - diff12 * kCosine + 256) >> 9;
  }
  for (int x = 0; x < 4; ++x) {
    const int sum03 = rows[x] + rows[12 + x];
    const int sum12 = rows[4 + x] + rows[8 + x];
    const int diff03 = rows[x] - rows[12 + x];
    const int diff12 = rows[4 + x] - rows[8 + x];
    out.at[x] = static_cast<std::int16_t>((sum03 + sum12 + 8) >> 4);
    out.at[4 + x] = static_cast<std::int16_t>((diff03 * kCosine + diff12 * kSine + 32768) >> 16);
    out.at[8 + x] = static_cast<std::int16_t>((sum03 - sum12 + 8) >> 4);
    out.at[12 + x] = static_cast<std::int16_t>((diff03 * kSine - diff12 * kCosine + 32768) >> 16);
  }
}

/// prediction + the inverse transform, limited to 0…255; exactly the decoder's (section 14.3).
inline void inverse_dct(const Coefficients& coefficients, Samples prediction, WritableSamples out) {
  const auto cosine = [](int v) { return v + ((v * kInverseCosine) >> 16); };
  const auto sine = [](int v) { return (v * kInverseSine) >> 16; };
  std::array<int, 16> down{};
  for (int x = 0; x < 4; ++x) {
    const auto* c = coefficients.at.data() + x;
    const int a = c[0] + c[8];
    const int b = c[0] - c[8];
    const int d = cosine(c[4]) + sine(c[12]);
    const int e = sine(c[4]) - cosine(c[12]);
    down[x] = a + d;
    down[4 + x] = b + e;
    down[8 + x] = b - e;
    down[12 + x] = a - d;
  }
  for (int y = 0; y < 4; ++y) {
    const int* c = down.data() + static_cast<std::ptrdiff_t>(4 * y);
    const int a = c[0] + c[2] + 4;
    const int b = c[0] - c[2] + 4;
    const int d = cosine(c[1]) + sine(c[3]);
    const int e = sine(c[1]) - cosine(c[3]);
    const std::uint8_t* p = prediction.data + y * prediction.stride;
    std::uint8_t* to = out.data + y * out.stride;
    const std::array<int, 4> row = {a + d, b + e, b - e, a - d};
    for (int x = 0; x < 4; ++x)
      to[x] = static_cast<std::uint8_t>(std::clamp(p[x] + (row[x] >> 3), 0, 255));
  }
}

/// The sum of the magnitudes of the Hadamard transform of the difference of two 4x4 blocks, halved:
/// near to what coding it costs.
inline int hadamard_difference(Samples a, Samples b) {
  std::array<int, 16> rows{};
  for (int y = 0; y < 4; ++y) {
    std::array<int, 4> d{};
    for (int x = 0; x < 4; ++x) d[x] = a.at(x, y).data[0] - b.at(x, y).data[0];
    const int s02 = d[0] + d[2];
    const int d02 = d[0] - d[2];
    const int s13 = d[1] + d[3];
    const int d13 = d[1] - d[3];
    rows[4 * y] = s02 + s13;
    rows[4 * y + 1] = s02 - s13;
    rows[4 * y + 2] = d02 + d13;
    rows[4 * y + 3] = d02 - d13;
  }
  int sum = 0;
  for (int x = 0; x < 4; ++x) {
    const int s02 = rows[x] + rows[8 + x];
    const int d02 = rows[x] - rows[8 + x];
    const int s13 = rows[4 + x] + rows[12 + x];
    const int d13 = rows[4 + x] - rows[12 + x];
    sum += std::max(std::abs(s02), std::abs(s13)) + std::max(std::abs(d02), std::abs(d13));
  }
  return sum;
}

/// The same between one block and each of several, 16-byte aligned.
inline void hadamard_differences(Samples source, std::span<const PackedBlock> blocks,
                                 std::span<int> out) {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    out[i] = hadamard_difference(source, {blocks[i].data(), 4});
  }
}

/// The sum of the squares of the differences of two 4x4 blocks.
inline int squared_difference(Samples a, Samples b) {
  int sum = 0;
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) {
      const int d = a.at(x, y).data[0] - b.at(x, y).data[0];
      sum += d * d;
    }
  }
  return sum;
}

/// `levels` become (|coefficient| + rounding) / step with the sign, at most `most`; the
/// coefficients what the decoder makes of them. Whether any level is not zero.
inline bool quantize_coefficients(const QuantizerSteps& steps, int most, Coefficients& coefficients,
                                  Coefficients& levels) {
  bool has_any = false;
  for (int i = 0; i < 16; ++i) {
    const int value = coefficients.at[i];
    const int rounded = std::abs(value) + steps.rounding[i];
    const int level = std::min((rounded * steps.reciprocal[i]) >> 16, most);
    levels.at[i] = static_cast<std::int16_t>(value < 0 ? -level : level);
    coefficients.at[i] = static_cast<std::int16_t>(levels.at[i] * steps.step[i]);
    has_any = has_any || level != 0;
  }
  return has_any;
}

}  // namespace scalar
}  // namespace anim::vp8
