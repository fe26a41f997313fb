// SPDX-License-Identifier: LGPL-2.1-or-later
// Scaling of pictures by separable filters: any plane layout of 8- and 16-bit samples, any part of
// the source in fractions of pixels. The same pass changes depth, chroma grid and packing.
//
// Each output sample is a weighted sum of the source samples around its position. When the picture
// shrinks, the filter's width grows with the ratio, so nothing aliases. Columns are filtered first
// (over whole rows, which vectorises), rows of the few results after.
// Plain 8-bit samples with short filters go through integers (weights of 14 bits, 6 bits of
// fraction between the passes), everything else through floats. With alpha, colours are weighted by
// it, so what is invisible does not bleed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "gst/core/ordered_pool.h"

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

/// How a sample is stored: 1 byte, or 2 in native order; values are multiples of `quantum` up to
/// `max` (P010: 10 bits at the top of 16, so quantum 64).
struct SampleType {
  int bytes = 1;
  int max = 255;
  int quantum = 1;
  friend constexpr bool operator==(const SampleType&, const SampleType&) = default;
};

/// Where the samples of one channel are in a row, counted in samples.
struct ChannelPlace {
  int offset = 0;
  int stride = 1;
};

/// One colour channel or alpha through a pass.
struct Channel {
  ChannelPlace in;
  int out_plane = 0;
  ChannelPlace out;
  Axis axis;  ///< along the row
  bool is_alpha = false;
};

/// What is read from one plane with one vertical axis.
struct Pass {
  int in_plane = 0;
  Axis vertical;
  std::vector<Channel> channels;
};

/// Samples that no input channel fills: an alpha that the input lacks, padding.
struct Constant {
  int out_plane = 0;
  ChannelPlace place;
  int columns = 0;
  int rows = 0;
  int value = 0;
};

/// Everything about one conversion from pictures of one layout to pictures of another.
struct ResampleSpec {
  SampleType in;
  SampleType out;
  double gain = 1;        ///< output value = input value * gain
  double alpha_gain = 1;  ///< the same for alpha
  bool premultiply = false;
  ChannelPlace
      alpha;  ///< of the input; only with premultiply, which needs alpha in each pass's plane
  std::vector<Pass> passes;
  std::vector<Constant> constants;
};

/// The planes of a picture that somebody else owns.
template <class Byte>
struct Planes {
  std::array<Byte*, 4> data{};
  std::array<std::ptrdiff_t, 4> stride{};
};
using SourcePlanes = Planes<const std::uint8_t>;
using TargetPlanes = Planes<std::uint8_t>;

/// The weights of every output sample of one axis.
class Filter {
 public:
  Filter(Kernel kernel, const Axis& axis);

  /// Weights a sample; a multiple of 8, the rest are 0.
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

/// Converts pictures by one ResampleSpec. The result does not depend on the number of threads.
class Resampler {
 public:
  /// `threads` 0 = one for each core.
  Resampler(ResampleSpec spec, Kernel kernel, unsigned threads);
  ~Resampler();
  Resampler(const Resampler&) = delete;
  Resampler& operator=(const Resampler&) = delete;

  void run(const SourcePlanes& source, const TargetPlanes& target);

 private:
  struct PassFilters;
  struct Band;

  void finish_bands();
  void run_band(unsigned band, const SourcePlanes& source, const TargetPlanes& target) const;
  void run_pass(const Pass& pass, const PassFilters& filters, const SourcePlanes& source,
                const TargetPlanes& target, unsigned band) const;
  void fill(const Constant& constant, const TargetPlanes& target) const;

  ResampleSpec spec_;
  std::vector<PassFilters> filters_;
  unsigned bands_ = 1;
  std::unique_ptr<OrderedPool<bool>> pool_;  // none for one band
};

}  // namespace anim
