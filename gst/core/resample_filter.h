// SPDX-License-Identifier: LGPL-2.1-or-later
// The filters that scaling uses: which source samples make an output sample, with which weights.
// When the picture shrinks, a filter's width grows with the ratio, so nothing aliases.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace anim {

/// The filter. Radius = how far it reaches, in source samples (output samples when shrinking).
enum class Kernel {
  Nearest,  ///< the closest sample; when shrinking the average of the area
  Linear,   ///< triangle, radius 1
  Cubic,    ///< Catmull-Rom (Keys 1981, a = -1/2), radius 2
  Sinc,     ///< sinc under a Blackman window, radius 5
  Lanczos,  ///< sinc under a sinc window (Duchon 1979), radius 3
};

/// Where the samples of one axis of a plane are: sample i at pixel coordinate i * step + offset;
/// pixel k reaches from k to k + 1. Full resolution is {1, 0.5}; halved chroma {2, 0.5} beside the
/// left pixel or {2, 1} between the two.
struct Grid {
  int step = 1;
  double offset = 0.5;
};

/// How many samples a grid has for `pixels`.
[[nodiscard]] constexpr int samples_of(int pixels, int step) {
  return (pixels + step - 1) / step;
}

/// Output sample i takes its value at input sample position start + i * step.
struct Axis {
  int in_count = 0;
  int out_count = 0;
  double start = 0;
  double step = 1;
};

/// One axis of a picture before or after: its pixels, and the grid of the plane's samples.
struct AxisEnd {
  int pixels = 0;
  Grid grid;
};

/// The axis that brings [`start`, `start` + `length`) of the input onto all of the output.
[[nodiscard]] Axis make_axis(AxisEnd in, double start, double length, AxisEnd out);

/// The weights of every output sample of one axis.
class Filter {
 public:
  Filter(Kernel kernel, const Axis& axis);

  static constexpr int kTapGroup = 8;

  /// Weights a sample; a multiple of kTapGroup, the rest are 0.
  [[nodiscard]] int taps() const { return taps_; }
  /// Weights that may differ from 0.
  [[nodiscard]] int used_taps() const { return used_; }
  /// The input sample of the first weight. The last may lie past the end, with weight 0.
  [[nodiscard]] int first(int i) const { return first_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] const int* first_data() const { return first_.data(); }
  /// Weights that add up to 1.
  [[nodiscard]] const float* real(int i) const { return real_.data() + at(i); }
  /// Weights that add up to exactly 1 << kFixedBits. Only when has_fixed().
  [[nodiscard]] const std::int16_t* fixed(int i) const { return fixed_.data() + at(i); }
  /// Whether the filter is short enough for weights of 14 bits.
  [[nodiscard]] bool has_fixed() const { return !fixed_.empty(); }

  static constexpr int kFixedBits = 14;

 private:
  [[nodiscard]] std::size_t at(int i) const {
    return static_cast<std::size_t>(i) * static_cast<std::size_t>(taps_);
  }

  int taps_ = 0;
  int used_ = 0;
  std::vector<int> first_;
  std::vector<float> real_;
  std::vector<std::int16_t> fixed_;
};

}  // namespace anim
