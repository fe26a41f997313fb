// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/resample_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anim {
namespace {

constexpr int kMaxFixedTaps = 128;  // longer filters have weights too small for 14 bits

double sinc(double x) {
  if (std::abs(x) < 1e-9) return 1;
  const double angle = std::numbers::pi * x;
  return std::sin(angle) / angle;
}

double cubic(double x) {
  const double a = std::abs(x);
  if (a < 1) return (1.5 * a - 2.5) * a * a + 1;
  return ((-0.5 * a + 2.5) * a - 4) * a + 2;
}

double blackman(double x) {
  return 0.42 + 0.5 * std::cos(std::numbers::pi * x) + 0.08 * std::cos(2 * std::numbers::pi * x);
}

double radius_of(Kernel kernel) {
  switch (kernel) {
    case Kernel::Nearest:
      return 0.5;
    case Kernel::Linear:
      return 1;
    case Kernel::Cubic:
      return 2;
    case Kernel::Sinc:
      return 5;
    case Kernel::Lanczos:
      return 3;
  }
  return 1;
}

/// The kernel at a distance below its radius.
double kernel_at(Kernel kernel, double x) {
  switch (kernel) {
    case Kernel::Nearest:
      return 1;
    case Kernel::Linear:
      return 1 - std::abs(x);
    case Kernel::Cubic:
      return cubic(x);
    case Kernel::Sinc:
      return sinc(x) * blackman(x / radius_of(kernel));
    case Kernel::Lanczos:
      return sinc(x) * sinc(x / radius_of(kernel));
  }
  return 0;
}

/// The weights of one output sample: those of samples first, first + 1, ...; they add up to 1.
struct Weights {
  int first = 0;
  std::vector<double> values;
};

/// The share of a box of `width` around `centre` that each sample covers.
double box_weight(double centre, double width, int sample) {
  const double low = std::max(centre - width / 2, sample - 0.5);
  const double high = std::min(centre + width / 2, sample + 0.5);
  return std::max(0.0, high - low);
}

double weight_at(Kernel kernel, double centre, double scale, int sample) {
  if (kernel == Kernel::Nearest) return box_weight(centre, scale, sample);
  const double x = (sample - centre) / scale;
  return std::abs(x) < radius_of(kernel) ? kernel_at(kernel, x) : 0;
}

void normalise(std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  for (double& value : values) value /= sum;
}

/// Samples outside the picture repeat its edge: their weight goes to the edge sample.
Weights folded(int low, const std::vector<double>& raw, int count) {
  Weights out{.first = std::clamp(low, 0, count - 1), .values = {}};
  const int high = low + static_cast<int>(raw.size()) - 1;
  const int last = std::clamp(high, 0, count - 1);
  out.values.assign(static_cast<std::size_t>(last - out.first) + 1, 0.0);
  for (int sample = low; sample <= high; ++sample) {
    const int kept = std::clamp(sample, out.first, last);
    out.values[static_cast<std::size_t>(kept - out.first)] +=
        raw[static_cast<std::size_t>(sample - low)];
  }
  return out;
}

Weights weights_at(Kernel kernel, const Axis& axis, int index) {
  const double centre = axis.start + index * axis.step;
  const double scale = std::max(1.0, axis.step);
  if (kernel == Kernel::Nearest && axis.step <= 1) {
    const int sample = static_cast<int>(std::floor(centre + 0.5));
    return {std::clamp(sample, 0, axis.in_count - 1), {1.0}};
  }
  const double reach = radius_of(kernel) * scale + (kernel == Kernel::Nearest ? 0.5 : 0.0);
  const int low = static_cast<int>(std::ceil(centre - reach));
  const int high = std::max(low, static_cast<int>(std::floor(centre + reach)));
  std::vector<double> raw;
  for (int sample = low; sample <= high; ++sample) {
    raw.push_back(weight_at(kernel, centre, scale, sample));
  }
  normalise(raw);
  return folded(low, raw, axis.in_count);
}

void trim(Weights& weights) {
  constexpr double kNothing = 1e-7;
  auto& values = weights.values;
  while (values.size() > 1 && std::abs(values.back()) < kNothing) values.pop_back();
  std::size_t zeros = 0;
  while (zeros + 1 < values.size() && std::abs(values[zeros]) < kNothing) ++zeros;
  values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(zeros));
  weights.first += static_cast<int>(zeros);
}

/// Rounds so that each prefix sum is as close as can be: the total is exactly 1 << kFixedBits.
void quantise(const std::vector<double>& values, std::int16_t* out) {
  constexpr int kOne = 1 << Filter::kFixedBits;
  double sum = 0;
  int given = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i];
    const bool is_last = i + 1 == values.size();
    const int upto = is_last ? kOne : static_cast<int>(std::lround(sum * kOne));
    out[i] = static_cast<std::int16_t>(upto - given);
    given = upto;
  }
}

}  // namespace

Axis make_axis(AxisEnd in, double start, double length, AxisEnd out) {
  const double scale = length / out.pixels;
  return {.in_count = samples_of(in.pixels, in.grid.step),
          .out_count = samples_of(out.pixels, out.grid.step),
          .start = (start + out.grid.offset * scale - in.grid.offset) / in.grid.step,
          .step = out.grid.step * scale / in.grid.step};
}

Filter::Filter(Kernel kernel, const Axis& axis) {
  std::vector<Weights> rows;
  rows.reserve(static_cast<std::size_t>(axis.out_count));
  for (int i = 0; i < axis.out_count; ++i) {
    rows.push_back(weights_at(kernel, axis, i));
    trim(rows.back());
    used_ = std::max(used_, static_cast<int>(rows.back().values.size()));
  }
  taps_ = (used_ + kTapGroup - 1) / kTapGroup * kTapGroup;
  const bool is_short = used_ <= kMaxFixedTaps;
  const std::size_t total = rows.size() * static_cast<std::size_t>(taps_);
  real_.resize(total);
  if (is_short) fixed_.resize(total);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    first_.push_back(rows[i].first);
    const std::size_t at = i * static_cast<std::size_t>(taps_);
    std::copy(rows[i].values.begin(), rows[i].values.end(),
              real_.begin() + static_cast<std::ptrdiff_t>(at));
    if (is_short) quantise(rows[i].values, fixed_.data() + at);
  }
}

}  // namespace anim
