// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/carried_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "gst/core/divisor.h"
#include "gst/core/vector_clones.h"

namespace anim {
namespace {

// Found by trial on real clips, for bytes at equal quality without stale parts.
constexpr double kNoiseEnergy = 2.5;   // of a block of 4x4: times what noise has on the mean
constexpr double kMeanDeviations = 4;  // of the mean of a block of 8x8: standard deviations
constexpr double kChromaNoise = 0.5;   // of luma's variance
constexpr int kSide = 8;

/// How up to 8x8 samples differ: the energy of each block of 4x4, and the sum.
struct Difference {
  std::array<int, 4> energy{};
  int sum = 0;
  int samples = kSide * kSide;
};

/// Of a part that the picture's edge cuts.
Difference cut_difference(const ImageView& a, const ImageView& b, int plane, int left, int top) {
  Difference found;
  const Size extent = plane_bytes(a.format, a.size, plane);
  const int right = std::min(left + kSide, extent.width);
  const int bottom = std::min(top + kSide, extent.height);
  found.samples = (right - left) * (bottom - top);
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      const auto at = static_cast<std::size_t>(x);
      const int d = a.row(plane, y)[at] - b.row(plane, y)[at];
      const int quarter = (y - top) / 4 * 2 + (x - left) / 4;
      found.energy.at(static_cast<std::size_t>(quarter)) += d * d;
      found.sum += d;
    }
  }
  return found;
}

// Eight samples at once, which compilers do not make of loops as short as these.
using Samples = std::uint8_t __attribute__((vector_size(kSide)));
using Differences = std::int16_t __attribute__((vector_size(2 * kSide)));
using Energies = int __attribute__((vector_size(4 * kSide)));

Samples samples_at(const std::uint8_t* at) {
  Samples samples;
  std::memcpy(&samples, at, sizeof samples);
  return samples;
}

ANIM_VECTOR_CLONES
Difference whole_difference(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b,
                            std::ptrdiff_t b_stride) {
  Difference found;
  Differences sums{};
  for (std::size_t half = 0; half < 2; ++half) {
    Energies energies{};
    for (int y = 0; y < 4; ++y, a += a_stride, b += b_stride) {
      const Differences apart = __builtin_convertvector(samples_at(a), Differences) -
                                __builtin_convertvector(samples_at(b), Differences);
      const Energies wide = __builtin_convertvector(apart, Energies);
      energies += wide * wide;
      sums += apart;
    }
    found.energy[2 * half] = energies[0] + energies[1] + energies[2] + energies[3];
    found.energy[2 * half + 1] = energies[4] + energies[5] + energies[6] + energies[7];
  }
  for (int x = 0; x < kSide; ++x) found.sum += sums[x];
  return found;
}

Difference difference(const ImageView& a, const ImageView& b, int plane, int x, int y) {
  const Size extent = plane_bytes(a.format, a.size, plane);
  if (x + kSide > extent.width || y + kSide > extent.height) {
    return cut_difference(a, b, plane, x, y);
  }
  const auto index = static_cast<std::size_t>(plane);
  return whole_difference(a.data.at(index) + a.stride.at(index) * y + x, a.stride.at(index),
                          b.data.at(index) + b.stride.at(index) * y + x, b.stride.at(index));
}

/// Adds to `change` what noise of that variance (of a difference) does not explain. What is left of
/// a change when detail is in doubt shows in the mean, of which noise moves little.
void add_excess(const Difference& difference, double noise, BlockChange& change) {
  double detail = 0;
  for (const int energy : difference.energy) {
    detail += std::max(0.0, energy - kNoiseEnergy * 16 * noise);
  }
  const double samples = difference.samples;
  const double level = std::pow(difference.sum / samples, 2);
  const double limit = kMeanDeviations * kMeanDeviations * noise / samples;
  const double drift = kLevelWeight * samples * std::max(0.0, level - limit);
  change.excess += std::max(detail, drift);
  change.drift += drift;
  change.detail += std::max(0.0, detail - samples * level);
  change.level = std::max(change.level, level);
}

/// Without what all samples have in common: a fade is no noise.
double energy_of(const Difference& difference) {
  double energy = 0;
  for (const int part : difference.energy) energy += part;
  return energy - static_cast<double>(difference.sum) * difference.sum / difference.samples;
}

bool is_same(const ImageView& a, const ImageView& b, int plane) {
  const auto [width, height] = plane_bytes(a.format, a.size, plane);
  const auto index = static_cast<std::size_t>(plane);
  const std::uint8_t* one = a.data.at(index);
  const std::uint8_t* other = b.data.at(index);
  for (int y = 0; y < height; ++y) {
    if (std::memcmp(one, other, static_cast<std::size_t>(width)) != 0) return false;
    one += a.stride.at(index);
    other += b.stride.at(index);
  }
  return true;
}

/// Adds samples to `sums`, which have `number` of them then, and makes `means` theirs.
ANIM_VECTOR_CLONES
void add_to_mean(const std::uint8_t* samples, int number, Divisor divisor, std::size_t count,
                 std::uint16_t* sums, std::uint8_t* means) {
  for (std::size_t x = 0; x < count; ++x) {
    const int sum = sums[x] + samples[x];
    sums[x] = static_cast<std::uint16_t>(sum);
    means[x] = divisor.quotient(sum + number / 2);
  }
}

/// Of Y, U and V.
std::size_t samples_of(const ImageView& picture) {
  std::size_t samples = 0;
  for (int plane = 0; plane < 3; ++plane) {
    samples += static_cast<std::size_t>(plane_bytes(picture.format, picture.size, plane).area());
  }
  return samples;
}

}  // namespace

void CarriedPicture::reset(const ImageView& picture) {
  shown_ = Image(picture);
  grid_ = MacroblockGrid(picture.size);
  counts_.assign(grid_.size(), 1);
  sums_.clear();
}

bool CarriedPicture::is_like(const ImageView& picture) const {
  return !shown_.is_empty() && shown_.format() == picture.format && shown_.size() == picture.size;
}

BlockChange CarriedPicture::change(const ImageView& picture, BlockPlace at, double noise) const {
  const Rect area = grid_.pixels(at);
  const ImageView now = cropped(picture, area);
  const ImageView then = cropped(shown_.view(), area);
  if (picture.format == PixelFormat::A420 && !is_same(now, then, 3)) {
    constexpr double kBeyond = std::numeric_limits<double>::infinity();
    return {.excess = kBeyond, .detail = kBeyond};
  }
  // The noise of a mean is that of a picture over their number.
  const double both = 1 + 1.0 / counts_[grid_.index(at)];
  BlockChange found;
  for (int plane = 0; plane < 3; ++plane) {
    if (is_same(now, then, plane)) continue;
    const double expected = noise * both * (plane == 0 ? 1 : kChromaNoise);
    const Size extent = plane_bytes(picture.format, area.size(), plane);
    double energy = 0;
    for (int y = 0; y < extent.height; y += kSide) {
      for (int x = 0; x < extent.width; x += kSide) {
        const Difference part = difference(now, then, plane, x, y);
        add_excess(part, expected, found);
        energy += energy_of(part);
      }
    }
    if (plane == 0) {
      found.luma = energy / static_cast<double>(area.size().area()) / both;
    }
  }
  if (found.excess > 0 && common_alpha(now) == 0) return {.luma = found.luma};
  return found;
}

void CarriedPicture::show(const ImageView& picture, const Rect& blocks) {
  const Rect area = grid_.pixels(blocks);
  shown_.replace(area, cropped(picture, area));
  for (int row = blocks.y; row < blocks.bottom(); ++row) {
    std::fill_n(counts_.begin() + static_cast<std::ptrdiff_t>(grid_.index({blocks.x, row})),
                blocks.width, std::uint8_t{1});
  }
}

void CarriedPicture::hold(const ImageView& picture, std::span<const std::uint8_t> stay) {
  for (int row = 0; row < grid_.rows(); ++row) {
    for (int column = 0; column < grid_.columns();) {
      const int end = end_of_run({column, row}, stay);
      if (end > column) hold_run(picture, {column, row, end - column, 1});
      column = std::max(end, column + 1);
    }
  }
}

/// The column after the macroblocks of a row, from `first` on, that stay and stand for as many
/// pictures as it does; that of `first` when it takes no further picture.
int CarriedPicture::end_of_run(BlockPlace first, std::span<const std::uint8_t> stay) const {
  const std::size_t begin = grid_.index(first);
  std::size_t i = begin;
  const std::size_t end = begin + static_cast<std::size_t>(grid_.columns() - first.column);
  while (i < end && stay[i] != 0 && counts_[i] == counts_[begin] && counts_[i] < kMostPictures) ++i;
  return first.column + static_cast<int>(i - begin);
}

/// `blocks` are a run.
void CarriedPicture::hold_run(const ImageView& picture, const Rect& blocks) {
  if (sums_.empty()) sums_.resize(samples_of(picture));
  std::uint8_t* counts = &counts_[grid_.index({blocks.x, blocks.y})];
  std::fill_n(counts, blocks.width, static_cast<std::uint8_t>(*counts + 1));
  std::uint16_t* sums = sums_.data();
  for (int plane = 0; plane < 3; ++plane) {
    join_mean(picture, blocks, plane, sums);
    sums += plane_bytes(picture.format, picture.size, plane).area();
  }
}

/// `sums` are those of the plane. They are unset where there was only one picture.
void CarriedPicture::join_mean(const ImageView& picture, const Rect& blocks, int plane,
                               std::uint16_t* sums) {
  const Rect area = grid_.pixels(blocks);
  const ImageView now = cropped(picture, area);
  const int count = pictures({blocks.x, blocks.y});
  const std::ptrdiff_t stride = plane_bytes(picture.format, picture.size, plane).width;
  const int scale = plane == 0 ? 1 : 2;
  const std::ptrdiff_t offset = area.y / scale * stride + area.x / scale;
  std::uint8_t* shown = shown_.plane(plane) + offset;
  sums += offset;
  const int rows = plane_bytes(picture.format, area.size(), plane).height;
  const Divisor divisor(count);
  for (int y = 0; y < rows; ++y, sums += stride, shown += stride) {
    const auto row = now.row(plane, y);
    if (count == 2) std::copy_n(shown, row.size(), sums);
    add_to_mean(row.data(), count, divisor, row.size(), sums, shown);
  }
}

}  // namespace anim
