// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/bit_estimate.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "gst/core/vp8/block.h"
#include "gst/core/vp8/transform.h"

namespace anim::vp8 {
namespace {

// Fitted to what the encoder makes of real pictures at qualities from 10 to 97: sums over pictures
// are right within a fifth.
constexpr double kMacroblock = 10;  // bits of its modes
constexpr double kBlock = 38;       // bits of a block of 4x4 for each doubling
constexpr double kSteps = 20;       // of Hadamard difference by which the first doubling is reached

constexpr int kSide = 4;

/// What is left of a 4x4 block of the source after the best of three predictions from the source:
/// its mean, what is above, what is to the left. As a Hadamard difference.
int residual(Samples source, bool has_above, bool has_left) {
  alignas(16) PackedBlock predicted;
  const Samples prediction{predicted.data(), kSide};
  int sum = predicted.size() / 2;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) sum += *source.at(x, y).data;
  }
  predicted.fill(static_cast<std::uint8_t>(sum / static_cast<int>(predicted.size())));
  int least = hadamard_difference(source, prediction);
  if (has_above) {
    for (int y = 0; y < kSide; ++y) {
      std::memcpy(predicted.data() + y * kSide, source.at(0, -1).data, kSide);
    }
    least = std::min(least, hadamard_difference(source, prediction));
  }
  if (has_left) {
    for (int y = 0; y < kSide; ++y) {
      std::memset(predicted.data() + y * kSide, *source.at(-1, y).data, kSide);
    }
    least = std::min(least, hadamard_difference(source, prediction));
  }
  return least;
}

}  // namespace

double BitEstimate::bits(const ImageView& picture, int column, int row) const {
  double doublings = 0;
  for (int plane = 0; plane < 3; ++plane) {
    const Size size = plane_bytes(picture.format, picture.size, plane);
    const int side = plane == 0 ? 16 : 8;
    const int right = std::min((column + 1) * side, size.width) - kSide;
    const int bottom = std::min((row + 1) * side, size.height) - kSide;
    const Samples samples{picture.data[plane], picture.stride[plane]};
    for (int y = row * side; y <= bottom; y += kSide) {
      double product = 1;  // one logarithm for a row of blocks
      for (int x = column * side; x <= right; x += kSide) {
        product *= 1 + residual(samples.at(x, y), y > 0, x > 0) / (kSteps * ac_step_);
      }
      doublings += std::log2(product);
    }
  }
  return kMacroblock + kBlock * doublings;
}

}  // namespace anim::vp8
