// SPDX-License-Identifier: LGPL-2.1-or-later
// Scaling of pictures by separable filters: any plane layout of 8- and 16-bit samples, any part of
// the source in fractions of pixels. The same pass changes depth, chroma grid and packing.
//
// Each output sample is a weighted sum of the source samples around its position
// (resample_filter.h). Columns are filtered first (over whole rows, which vectorises), rows of the
// few results after.
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
#include "gst/core/resample_filter.h"

namespace anim {

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

/// Converts pictures by one ResampleSpec. The result does not depend on the number of threads.
class Resampler {
 public:
  /// `threads` with the caller's; 0 = one for each core.
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
