// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/near_lossless.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace anim {
namespace {

constexpr int kCoarsest = 5;
constexpr int kLevelsOfAStep = 20;
constexpr std::size_t kChannels = 4;
constexpr std::size_t kAlpha = 3;

/// What of a row is compared and rounded: its pixels and those around, as they were.
struct Rows {
  const std::uint8_t* above;
  const std::uint8_t* row;
  const std::uint8_t* below;
};

/// Of each value, whether one beside it differs by `limit` or more. At the ends of a row the
/// neighbour is missing.
void find_rough(const Rows& rows, std::size_t bytes, int limit, std::uint8_t* rough) {
  const std::uint8_t* row = rows.row;
  const auto differs = [limit](int one, int other) { return std::abs(one - other) >= limit; };
  for (std::size_t i = 0; i < bytes; ++i) {
    const bool is_rough = differs(row[i], rows.above[i]) | differs(row[i], rows.below[i]);
    rough[i] = is_rough ? 1 : 0;
  }
  for (std::size_t i = kChannels; i < bytes; ++i) {
    rough[i] |= differs(row[i], row[i - kChannels]) ? 1 : 0;
    rough[i - kChannels] |= differs(row[i], row[i - kChannels]) ? 1 : 0;
  }
}

/// The closest multiple of 2^bits, the even one of two; the largest value for those beyond it.
std::uint8_t rounded(int value, int bits) {
  const int half = (1 << (bits - 1)) - 1 + ((value >> bits) & 1);
  const int multiple = (value + half) & -(1 << bits);
  return static_cast<std::uint8_t>(std::min(multiple, 0xFF));
}

void round_row(const Rows& rows, std::size_t bytes, int bits, std::uint8_t* rough,
               std::uint8_t* out) {
  find_rough(rows, bytes, 1 << bits, rough);
  for (std::size_t i = 0; i < bytes; i += kChannels) {
    const bool is_rough = (rough[i] | rough[i + 1] | rough[i + 2]) != 0;
    for (std::size_t channel = 0; channel < kAlpha; ++channel) {
      const std::uint8_t value = rows.row[i + channel];
      out[i + channel] = is_rough ? rounded(value, bits) : value;
    }
  }
}

}  // namespace

void round_busy_pixels(Image& picture, int level) {
  const auto bytes = static_cast<std::size_t>(picture.size().width) * kChannels;
  const int last = picture.size().height - 1;
  std::vector<std::uint8_t> rough(bytes);
  for (int bits = kCoarsest - level / kLevelsOfAStep; bits > 0; --bits) {
    const Image before(picture.view());
    const auto row_at = [&](int y) { return before.view().row(0, std::clamp(y, 0, last)).data(); };
    for (int y = 0; y <= last; ++y) {
      const Rows rows = {row_at(y - 1), row_at(y), row_at(y + 1)};
      round_row(rows, bytes, bits, rough.data(),
                picture.plane(0) + bytes * static_cast<std::size_t>(y));
    }
  }
}

}  // namespace anim
