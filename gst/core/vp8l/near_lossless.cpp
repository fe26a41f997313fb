// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/near_lossless.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace anim::vp8l {
namespace {

constexpr int kCoarsest = 5;
constexpr int kLevelsOfAStep = 20;
constexpr std::size_t kChannels = 4;
constexpr std::size_t kAlpha = 3;

/// The values of a row and of those above and below; a missing one is the row itself.
struct Rows {
  const std::uint8_t* above;
  const std::uint8_t* middle;
  const std::uint8_t* below;
};

int differs(int one, int other, int limit) {
  return std::abs(one - other) >= limit ? 1 : 0;
}

/// Of each value, whether one beside it differs by `limit` or more: 1 or 0.
void find_rough(const Rows& rows, int limit, std::vector<std::uint8_t>& rough) {
  const std::uint8_t* row = rows.middle;
  for (std::size_t i = 0; i < rough.size(); ++i) {
    rough[i] = static_cast<std::uint8_t>(differs(row[i], rows.above[i], limit) |
                                         differs(row[i], rows.below[i], limit));
  }
  for (std::size_t i = kChannels; i < rough.size(); ++i) {
    const auto is_edge = static_cast<std::uint8_t>(differs(row[i], row[i - kChannels], limit));
    rough[i] |= is_edge;
    rough[i - kChannels] |= is_edge;
  }
}

/// The closest multiple of 2^bits, the even one of two; the largest value for those beyond it.
std::uint8_t rounded(int value, int bits) {
  const int half = (1 << (bits - 1)) - 1 + ((value >> bits) & 1);
  const int multiple = (value + half) & -(1 << bits);
  return static_cast<std::uint8_t>(std::min(multiple, 0xFF));
}

void round_rough(const std::vector<std::uint8_t>& rough, int bits, std::uint8_t* row) {
  for (std::size_t i = 0; i < rough.size(); i += kChannels) {
    if ((rough[i] | rough[i + 1] | rough[i + 2]) == 0) continue;
    for (std::size_t c = 0; c < kAlpha; ++c) row[i + c] = rounded(row[i + c], bits);
  }
}

}  // namespace

void round_busy_pixels(Pixels& pixels, int level) {
  const std::size_t stride = static_cast<std::size_t>(pixels.width) * kChannels;
  auto* values = reinterpret_cast<std::uint8_t*>(pixels.words.data());
  std::vector<std::uint8_t> rough(stride);
  for (int bits = kCoarsest - level / kLevelsOfAStep; bits > 0; --bits) {
    const std::vector<std::uint32_t> before = pixels.words;
    const auto row_at = [&](int y) {
      const auto row = static_cast<std::size_t>(std::clamp(y, 0, pixels.height - 1));
      return reinterpret_cast<const std::uint8_t*>(before.data()) + stride * row;
    };
    for (int y = 0; y < pixels.height; ++y) {
      find_rough({row_at(y - 1), row_at(y), row_at(y + 1)}, 1 << bits, rough);
      round_rough(rough, bits, values + stride * static_cast<std::size_t>(y));
    }
  }
}

}  // namespace anim::vp8l
