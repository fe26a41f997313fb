// SPDX-License-Identifier: LGPL-2.1-or-later
// What a codec of 4x4 blocks handles: samples in memory, coefficients.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace anim::vp8 {

/// Coefficients of a 4x4 block, in raster order.
struct Coefficients {
  alignas(16) std::array<std::int16_t, 16> at{};
};

/// Samples somewhere in memory.
struct Samples {
  const std::uint8_t* data;
  std::ptrdiff_t stride;
  [[nodiscard]] Samples at(int x, int y) const { return {data + y * stride + x, stride}; }
};
struct WritableSamples {
  std::uint8_t* data;
  std::ptrdiff_t stride;
  [[nodiscard]] WritableSamples at(int x, int y) const { return {data + y * stride + x, stride}; }
  operator Samples() const { return {data, stride}; }
};

/// What a quantiser divides by, for each coefficient.
struct QuantizerSteps {
  alignas(16) std::array<std::uint16_t, 16> step{};
  alignas(16) std::array<std::uint16_t, 16> reciprocal{};  ///< 65536 / step
  alignas(16) std::array<std::uint16_t, 16> rounding{};    ///< added before rounding down
};

/// The 16 samples of a 4x4 block, row after row.
using PackedBlock = std::array<std::uint8_t, 16>;

}  // namespace anim::vp8
