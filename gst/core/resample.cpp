// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/resample.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

#include "gst/core/nearest.h"
#include "gst/core/vector_clones.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace anim {
namespace {

constexpr int kMiddleBits = 6;  // bits of fraction between the passes
constexpr int kMinBandRows = 16;

// ---- inner loops -------------------------------------------------------------------------------

constexpr int kChunk = 128;  // columns at a time: their sums stay in the first-level cache

constexpr int kMiddleShift = Filter::kFixedBits - kMiddleBits;
constexpr int kBlock = 16;  // columns that are blended at once

#if defined(__SSE2__)
/// One block of columns: pairs of rows are interleaved, so that one instruction multiplies and adds
/// both. What every x86-64 has is enough; `taps` is even.
void blend_block(const std::uint8_t* const* rows, const std::int16_t* weights, int taps, int base,
                 std::int16_t* out) {
  const __m128i zero = _mm_setzero_si128();
  const __m128i half = _mm_set1_epi32(1 << (kMiddleShift - 1));
  __m128i sums[4] = {half, half, half, half};
  for (int t = 0; t < taps; t += 2) {
    const auto* above = reinterpret_cast<const __m128i*>(rows[t] + base);
    const auto* below = reinterpret_cast<const __m128i*>(rows[t + 1] + base);
    const int both = (weights[t] & 0xFFFF) | (weights[t + 1] * 0x10000);
    const __m128i weight = _mm_set1_epi32(both);
    const __m128i a = _mm_loadu_si128(above);
    const __m128i b = _mm_loadu_si128(below);
    const __m128i low = _mm_unpacklo_epi8(a, b);
    const __m128i high = _mm_unpackhi_epi8(a, b);
    const auto add = [&](std::size_t i, __m128i pairs) {
      sums[i] = _mm_add_epi32(sums[i], _mm_madd_epi16(pairs, weight));
    };
    add(0, _mm_unpacklo_epi8(low, zero));
    add(1, _mm_unpackhi_epi8(low, zero));
    add(2, _mm_unpacklo_epi8(high, zero));
    add(3, _mm_unpackhi_epi8(high, zero));
  }
  for (__m128i& sum : sums) sum = _mm_srai_epi32(sum, kMiddleShift);
  auto* to = reinterpret_cast<__m128i*>(out + base);
  _mm_storeu_si128(to, _mm_packs_epi32(sums[0], sums[1]));
  _mm_storeu_si128(to + 1, _mm_packs_epi32(sums[2], sums[3]));
}
#else
void blend_block(const std::uint8_t* const* rows, const std::int16_t* weights, int taps, int base,
                 std::int16_t* out) {
  std::array<std::int32_t, kBlock> sums;
  sums.fill(1 << (kMiddleShift - 1));
  for (int t = 0; t < taps; ++t) {
    for (int i = 0; i < kBlock; ++i) sums[i] += weights[t] * rows[t][base + i];
  }
  for (int i = 0; i < kBlock; ++i) {
    out[base + i] = static_cast<std::int16_t>(sums[i] >> kMiddleShift);
  }
}
#endif

/// out[x] = (sum over t of weights[t] * rows[t][x]) with kMiddleBits of fraction. `taps` is even.
void blend_fixed(const std::uint8_t* const* rows, const std::int16_t* weights, int taps, int count,
                 std::int16_t* out) {
  int x = 0;
  for (; x + kBlock <= count; x += kBlock) blend_block(rows, weights, taps, x, out);
  for (; x < count; ++x) {
    std::int32_t sum = 1 << (kMiddleShift - 1);
    for (int t = 0; t < taps; ++t) sum += weights[t] * rows[t][x];
    out[x] = static_cast<std::int16_t>(sum >> kMiddleShift);
  }
}

/// sums[i] = the weighted sum of the samples of output sample i, in units of 2^-20.
ANIM_VECTOR_CLONES
void dot_fixed(const std::int16_t* row, const std::int16_t* weights, const int* first, int taps,
               int count, std::int32_t* sums) {
  for (int i = 0; i < count; ++i) {
    const std::int16_t* at = row + first[i];
    const std::int16_t* w = weights + static_cast<std::ptrdiff_t>(i) * taps;
    std::int32_t sum = 0;
    for (int t = 0; t < taps; ++t) sum += at[t] * w[t];
    sums[i] = sum;
  }
}

template <class Sample>
inline void blend_real_body(const Sample* const* rows, const float* weights, int taps, int count,
                            float* out) {
  std::fill(out, out + count, 0.0F);
  for (int base = 0; base < count; base += kChunk) {
    const int n = std::min(kChunk, count - base);
    for (int t = 0; t < taps; ++t) {
      const Sample* row = rows[t] + base;
      const float weight = weights[t];
      float* sums = out + base;
      for (int i = 0; i < n; ++i) sums[i] += weight * static_cast<float>(row[i]);
    }
  }
}

ANIM_VECTOR_CLONES
void blend_real(const std::uint8_t* const* rows, const float* weights, int taps, int count,
                float* out) {
  blend_real_body(rows, weights, taps, count, out);
}

ANIM_VECTOR_CLONES
void blend_real(const std::uint16_t* const* rows, const float* weights, int taps, int count,
                float* out) {
  blend_real_body(rows, weights, taps, count, out);
}

/// The same with every sample of a pixel multiplied by the pixel's alpha, except alpha itself.
template <class Sample>
void blend_with_alpha(const Sample* const* rows, const float* weights, int taps, int count,
                      ChannelPlace alpha, float* out) {
  std::fill(out, out + count, 0.0F);
  for (int t = 0; t < taps; ++t) {
    for (int base = 0; base + alpha.stride <= count; base += alpha.stride) {
      const Sample* pixel = rows[t] + base;
      const float opacity = weights[t] * static_cast<float>(pixel[alpha.offset]);
      for (int c = 0; c < alpha.stride; ++c) {
        out[base + c] += c == alpha.offset ? opacity : opacity * static_cast<float>(pixel[c]);
      }
    }
  }
}

/// Eight partial sums, always in the same order.
ANIM_VECTOR_CLONES
void dot_real(const float* row, const float* weights, const int* first, int taps, int count,
              float* sums) {
  for (int i = 0; i < count; ++i) {
    const float* at = row + first[i];
    const float* w = weights + static_cast<std::ptrdiff_t>(i) * taps;
    std::array<float, Filter::kTapGroup> part{};
    for (int t = 0; t < taps; t += Filter::kTapGroup) {
      for (int k = 0; k < Filter::kTapGroup; ++k) part[k] += at[t + k] * w[t + k];
    }
    sums[i] =
        ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
  }
}

// ---- storing -----------------------------------------------------------------------------------

int stored(float value, const SampleType& type) {
  const float steps = value / static_cast<float>(type.quantum);
  const int top = type.max / type.quantum;
  const float limited = std::clamp(steps, 0.0F, static_cast<float>(top));
  return nearest(limited) * type.quantum;
}

template <class Sample>
void store_real(const float* values, float gain, const SampleType& type, ChannelPlace place,
                int count, std::uint8_t* row) {
  auto* out = reinterpret_cast<Sample*>(row) + place.offset;
  for (int i = 0; i < count; ++i) {
    out[static_cast<std::ptrdiff_t>(i) * place.stride] =
        static_cast<Sample>(stored(values[i] * gain, type));
  }
}

void store(const float* values, float gain, const SampleType& type, ChannelPlace place, int count,
           std::uint8_t* row) {
  if (type.bytes == 1) {
    store_real<std::uint8_t>(values, gain, type, place, count, row);
  } else {
    store_real<std::uint16_t>(values, gain, type, place, count, row);
  }
}

void store_bytes(const std::int32_t* sums, ChannelPlace place, int count, std::uint8_t* row) {
  constexpr int kShift = Filter::kFixedBits + kMiddleBits;
  for (int i = 0; i < count; ++i) {
    const int value = (sums[i] + (1 << (kShift - 1))) >> kShift;
    row[place.offset + static_cast<std::ptrdiff_t>(i) * place.stride] =
        static_cast<std::uint8_t>(std::clamp(value, 0, 255));
  }
}

/// Samples of one channel, side by side; those between rows of other channels stay where they are.
template <class T>
const T* gathered(const std::vector<T>& row, ChannelPlace place, int count,
                  std::vector<T>& channel) {
  if (place.stride == 1 && place.offset == 0) return row.data();
  for (int i = 0; i < count; ++i) {
    channel[static_cast<std::size_t>(i)] =
        row[place.offset + static_cast<std::ptrdiff_t>(i) * place.stride];
  }
  std::fill(channel.begin() + count, channel.end(), T{0});
  return channel.data();
}

int row_samples(const Pass& pass, const ResampleSpec& spec) {
  int samples = 0;
  for (const Channel& channel : pass.channels) {
    const int last = channel.in.offset + (channel.axis.in_count - 1) * channel.in.stride;
    samples = std::max(samples, last + 1);
    if (spec.premultiply) samples = std::max(samples, channel.axis.in_count * spec.alpha.stride);
  }
  return samples;
}

}  // namespace

struct Resampler::PassFilters {
  Filter vertical;
  std::vector<Filter> horizontal;  // one a channel
  bool is_fixed = false;
  int samples = 0;  // of a row that are read

  PassFilters(const Pass& pass, const ResampleSpec& spec, Kernel kernel)
      : vertical(kernel, pass.vertical), samples(row_samples(pass, spec)) {
    is_fixed = spec.in.bytes == 1 && !spec.premultiply && vertical.has_fixed();
    for (const Channel& channel : pass.channels) {
      horizontal.emplace_back(kernel, channel.axis);
      is_fixed = is_fixed && horizontal.back().has_fixed();
    }
  }
};

/// The working memory of one pass in one band, and its row loop.
struct Resampler::Band {
  const ResampleSpec& spec;
  const Pass& pass;
  const PassFilters& filters;
  const SourcePlanes& source;
  const TargetPlanes& target;

  [[nodiscard]] std::size_t longest_filter() const {
    int taps = 0;
    for (const Filter& filter : filters.horizontal) taps = std::max(taps, filter.taps());
    return static_cast<std::size_t>(taps);
  }

  [[nodiscard]] std::size_t longest_output() const {
    int count = 0;
    for (const Channel& channel : pass.channels) count = std::max(count, channel.axis.out_count);
    return static_cast<std::size_t>(count);
  }

  template <class Sample>
  void point_at_rows(int y, std::vector<const Sample*>& rows) const {
    const auto plane = static_cast<std::size_t>(pass.in_plane);
    const int first = filters.vertical.first(y);
    for (std::size_t t = 0; t < rows.size(); ++t) {
      const int row = std::min(first + static_cast<int>(t), pass.vertical.in_count - 1);
      rows[t] = reinterpret_cast<const Sample*>(source.data[plane] + row * source.stride[plane]);
    }
  }

  [[nodiscard]] std::uint8_t* output_row(const Channel& channel, int y) const {
    const auto plane = static_cast<std::size_t>(channel.out_plane);
    return target.data[plane] + y * target.stride[plane];
  }

  void run_fixed(int begin, int end) const {
    const int even_taps = (filters.vertical.used_taps() + 1) / 2 * 2;
    std::vector<const std::uint8_t*> rows(static_cast<std::size_t>(even_taps));
    std::vector<std::int16_t> row(static_cast<std::size_t>(filters.samples) + longest_filter());
    std::vector<std::int16_t> scratch(row.size());
    std::vector<std::int32_t> sums(longest_output());
    std::vector<float> values(longest_output());
    for (int y = begin; y < end; ++y) {
      point_at_rows(y, rows);
      blend_fixed(rows.data(), filters.vertical.fixed(y), static_cast<int>(rows.size()),
                  filters.samples, row.data());
      for (std::size_t c = 0; c < pass.channels.size(); ++c) {
        const Channel& channel = pass.channels[c];
        const Filter& filter = filters.horizontal[c];
        const int count = channel.axis.out_count;
        dot_fixed(gathered(row, channel.in, channel.axis.in_count, scratch), filter.fixed(0),
                  filter.first_data(), filter.taps(), count, sums.data());
        store_fixed(channel, sums, values, output_row(channel, y));
      }
    }
  }

  void store_fixed(const Channel& channel, const std::vector<std::int32_t>& sums,
                   std::vector<float>& values, std::uint8_t* row) const {
    const int count = channel.axis.out_count;
    const double gain = channel.is_alpha ? spec.alpha_gain : spec.gain;
    if (spec.out.bytes == 1 && gain == 1) {
      store_bytes(sums.data(), channel.out, count, row);
      return;
    }
    constexpr double kUnit = 1.0 / (1 << (Filter::kFixedBits + kMiddleBits));
    for (int i = 0; i < count; ++i) {
      values[static_cast<std::size_t>(i)] =
          static_cast<float>(sums[static_cast<std::size_t>(i)] * kUnit);
    }
    store(values.data(), static_cast<float>(gain), spec.out, channel.out, count, row);
  }

  template <class Sample>
  void run_real(int begin, int end) const {
    std::vector<const Sample*> rows(static_cast<std::size_t>(filters.vertical.used_taps()));
    std::vector<float> row(static_cast<std::size_t>(filters.samples) + longest_filter());
    std::vector<float> scratch(row.size());
    std::vector<float> values(longest_output());
    std::vector<float> opacity(spec.premultiply ? longest_output() : 0);
    for (int y = begin; y < end; ++y) {
      point_at_rows(y, rows);
      const int taps = static_cast<int>(rows.size());
      if (spec.premultiply) {
        blend_with_alpha(rows.data(), filters.vertical.real(y), taps, filters.samples, spec.alpha,
                         row.data());
      } else {
        blend_real(rows.data(), filters.vertical.real(y), taps, filters.samples, row.data());
      }
      for (std::size_t c = 0; c < pass.channels.size(); ++c) {
        const Channel& channel = pass.channels[c];
        filter_row(c, gathered(row, channel.in, channel.axis.in_count, scratch), values);
        if (spec.premultiply && !channel.is_alpha) {
          filter_row(c, gathered(row, spec.alpha, channel.axis.in_count, scratch), opacity);
          divide(values, opacity, channel.axis.out_count);
        }
        const double gain = channel.is_alpha ? spec.alpha_gain : spec.gain;
        store(values.data(), static_cast<float>(gain), spec.out, channel.out,
              channel.axis.out_count, output_row(channel, y));
      }
    }
  }

  void filter_row(std::size_t channel, const float* row, std::vector<float>& values) const {
    const Filter& filter = filters.horizontal[channel];
    dot_real(row, filter.real(0), filter.first_data(), filter.taps(),
             pass.channels[channel].axis.out_count, values.data());
  }

  /// Colours that were weighted by alpha; where nothing is visible the colour does not matter.
  static void divide(std::vector<float>& values, const std::vector<float>& opacity, int count) {
    constexpr float kInvisible = 1e-3F;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      values[i] = opacity[i] > kInvisible ? values[i] / opacity[i] : 0.0F;
    }
  }
};

Resampler::Resampler(ResampleSpec spec, Kernel kernel, unsigned threads) : spec_(std::move(spec)) {
  int rows = 0;
  for (const Pass& pass : spec_.passes) {
    filters_.emplace_back(pass, spec_, kernel);
    rows = std::max(rows, pass.vertical.out_count);
  }
  const unsigned wanted =
      threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  bands_ = std::clamp(static_cast<unsigned>(rows / kMinBandRows), 1U, wanted);
  if (bands_ > 1) pool_ = std::make_unique<OrderedPool<bool>>(bands_);
}

Resampler::~Resampler() = default;

void Resampler::run(const SourcePlanes& source, const TargetPlanes& target) {
  if (bands_ == 1) {
    run_band(0, source, target);
  } else {
    for (unsigned band = 0; band < bands_; ++band) {
      pool_->submit({.result = [this, band, &source, &target] {
        run_band(band, source, target);
        return true;
      }});
    }
    finish_bands();
  }
  for (const Constant& constant : spec_.constants) fill(constant, target);
}

// Waits for every band, also when one has thrown: they work on the caller's pictures.
void Resampler::finish_bands() {
  std::exception_ptr thrown;
  while (!pool_->is_empty()) {
    try {
      static_cast<void>(pool_->take());
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  if (thrown) std::rethrow_exception(thrown);
}

void Resampler::run_band(unsigned band, const SourcePlanes& source,
                         const TargetPlanes& target) const {
  for (std::size_t i = 0; i < spec_.passes.size(); ++i) {
    run_pass(spec_.passes[i], filters_[i], source, target, band);
  }
}

void Resampler::run_pass(const Pass& pass, const PassFilters& filters, const SourcePlanes& source,
                         const TargetPlanes& target, unsigned band) const {
  const std::int64_t rows = pass.vertical.out_count;
  const auto begin = static_cast<int>(rows * band / bands_);
  const auto end = static_cast<int>(rows * (band + 1) / bands_);
  const Band work{spec_, pass, filters, source, target};
  if (filters.is_fixed) {
    work.run_fixed(begin, end);
  } else if (spec_.in.bytes == 1) {
    work.run_real<std::uint8_t>(begin, end);
  } else {
    work.run_real<std::uint16_t>(begin, end);
  }
}

void Resampler::fill(const Constant& constant, const TargetPlanes& target) const {
  const auto plane = static_cast<std::size_t>(constant.out_plane);
  const std::vector<float> values(static_cast<std::size_t>(constant.columns),
                                  static_cast<float>(constant.value));
  for (int y = 0; y < constant.rows; ++y) {
    store(values.data(), 1, spec_.out, constant.place, constant.columns,
          target.data[plane] + y * target.stride[plane]);
  }
}

}  // namespace anim
