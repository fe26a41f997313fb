// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/segments.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "gst/core/vp8/planes.h"
#include "gst/core/vp8/quantizer.h"
#include "gst/core/vp8/tables.h"

namespace anim::vp8 {
namespace {

constexpr double kNoise = 12;  // variance that counts as none
// The activity of a macroblock with a variance of 1: bars and blank screens have less.
const double kFlat = std::log2(1 + kNoise) / 2;
constexpr int kRounds = 6;  // of moving the centres; they have come to rest by then

/// The variance of the luma of a block, cut at the picture's edges.
double variance(const ImageView& picture, int left, int top, int side) {
  const int right = std::min(left + side, picture.size.width);
  const int bottom = std::min(top + side, picture.size.height);
  if (left >= right || top >= bottom) return 0;
  int sum = 0;
  int squares = 0;
  for (int y = top; y < bottom; ++y) {
    const std::uint8_t* row = picture.data[0] + y * picture.stride[0];
    for (int x = left; x < right; ++x) {
      sum += row[x];
      squares += row[x] * row[x];
    }
  }
  const double count = (right - left) * (bottom - top);
  return squares / count - sum / count * (sum / count);
}

/// The logarithm (base 2) of a macroblock's contrast, as the mean over its quarters: an edge in one
/// of them does not hide errors in the others.
double activity(const ImageView& picture, int column, int row) {
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    const double v = variance(picture, 16 * column + 8 * (i % 2), 16 * row + 8 * (i / 2), 8);
    sum += std::log2(v + kNoise) / 2;
  }
  return sum / 4;
}

/// Whether any pixel of a macroblock is not wholly transparent.
bool is_visible(const ImageView& picture, int column, int row) {
  if (picture.format != PixelFormat::A420) return true;
  for (int y = 16 * row; y < std::min(16 * row + 16, picture.size.height); ++y) {
    const auto line = picture.row(3, y).subspan(16 * static_cast<std::size_t>(column));
    const auto part = line.first(std::min<std::size_t>(16, line.size()));
    if (std::any_of(part.begin(), part.end(), [](std::uint8_t a) { return a != 0; })) return true;
  }
  return false;
}

int nearest(double value, const std::vector<double>& centres) {
  const auto closer = [&](double a, double b) { return std::abs(a - value) < std::abs(b - value); };
  return static_cast<int>(std::min_element(centres.begin(), centres.end(), closer) -
                          centres.begin());
}

/// Lloyd's algorithm in one dimension.
std::vector<double> centres_of(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  std::vector<double> centres;
  centres.reserve(kMaxSegments);
  for (int i = 0; i < kMaxSegments; ++i) {
    centres.push_back(*least + (*most - *least) * (2 * i + 1) / (2 * kMaxSegments));
  }
  for (int round = 0; round < kRounds; ++round) {
    std::array<double, kMaxSegments> sums{};
    std::array<int, kMaxSegments> counts{};
    for (const double value : values) {
      const int i = nearest(value, centres);
      sums.at(i) += value;
      ++counts.at(i);
    }
    for (int i = 0; i < kMaxSegments; ++i) {
      if (counts.at(i) > 0) centres[i] = sums.at(i) / counts.at(i);
    }
  }
  return centres;
}

/// The index whose step is nearest to that of `index` times `factor`.
int scaled_index(double index, double factor) {
  const int low = std::clamp(static_cast<int>(index), 0, kMaxIndex - 1);
  const double part = std::clamp(index - low, 0.0, 1.0);
  const double step =
      (kAcSteps.at(low) + part * (kAcSteps.at(low + 1) - kAcSteps.at(low))) * factor;
  const auto above = std::lower_bound(kAcSteps.begin(), kAcSteps.end() - 1, step);
  const int found = static_cast<int>(above - kAcSteps.begin());
  if (found > 0 && step - kAcSteps.at(found - 1) < kAcSteps.at(found) - step) return found - 1;
  return found;
}

}  // namespace

Segmentation choose_segments(const ImageView& picture, double index, double masking) {
  Segmentation made;
  made.index.fill(scaled_index(index, 1));
  if (masking <= 0) return made;
  std::vector<double> all;
  std::vector<double> counted;
  for (int row = 0; row < macroblocks_in(picture.size.height); ++row) {
    for (int column = 0; column < macroblocks_in(picture.size.width); ++column) {
      all.push_back(activity(picture, column, row));
      const bool counts = all.back() > kFlat && is_visible(picture, column, row);
      if (counts) counted.push_back(all.back());
    }
  }
  if (counted.empty()) return made;
  const double sum = std::accumulate(counted.begin(), counted.end(), 0.0);
  const double mean = sum / static_cast<double>(counted.size());
  const auto centres = centres_of(counted);
  for (int i = 0; i < kMaxSegments; ++i) {
    made.index.at(i) = scaled_index(index, std::exp2(masking * (centres[i] - mean)));
  }
  for (const double value : all) {
    made.of.push_back(static_cast<std::uint8_t>(nearest(value, centres)));
  }
  return made;
}

}  // namespace anim::vp8
