// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/histogram.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "gst/core/color_set.h"

namespace anim {
namespace {

constexpr std::size_t kMostSamples = std::size_t{1} << 22U;  // so that 32-bit sums never overflow
constexpr std::size_t kMostSingle = std::size_t{1} << 16U;
constexpr std::size_t kSparseStep = 61;  // pixels; no factor of usual widths
constexpr std::size_t kBinCount = std::size_t{1} << 16U;

struct Sums {
  std::uint32_t r = 0;
  std::uint32_t g = 0;
  std::uint32_t b = 0;
  std::uint32_t count = 0;
};

ColorBin bin_of(const Sums& sums) {
  const auto mean = [&](std::uint32_t sum) {
    return static_cast<std::uint8_t>((sum + sums.count / 2) / sums.count);
  };
  return {{mean(sums.r), mean(sums.g), mean(sums.b)}, std::pow(sums.count, 0.75)};
}

}  // namespace

std::optional<std::vector<Rgb>> exact_colors(std::span<const Argb> pixels, int most) {
  assert(most <= 256);
  ColorSet seen;
  int count = 0;
  Argb last = 0;
  const auto fit = [&](std::size_t step) {
    for (std::size_t i = 0; i < pixels.size(); i += step) {
      const Argb pixel = pixels[i];
      if (pixel == last || alpha_of(pixel) == 0) continue;
      last = pixel;
      if (seen.insert(rgb_of(pixel)) && ++count > most) return false;
    }
    return true;
  };
  // Pixels from everywhere show many colours sooner than those of the first rows.
  if (!fit(kSparseStep) || !fit(1)) return std::nullopt;
  return seen.sorted();
}

namespace {

/// Of a run of so many pixels, the one to take: it varies so that no column is always left out.
std::size_t place_in(std::size_t run, std::size_t length) {
  return (run * 2654435761U >> 16U) % length;
}

/// Of one pixel of each run of `step`.
std::vector<ColorBin> sampled_bins(std::span<const Argb> pixels, std::size_t step) {
  std::vector<Sums> sums(kBinCount);
  for (std::size_t run = 0; run < pixels.size(); run += step) {
    const std::size_t length = std::min(step, pixels.size() - run);
    const Argb pixel = pixels[run + place_in(run, length)];
    if (alpha_of(pixel) == 0) continue;
    const Rgb color = rgb_of(pixel);
    Sums& bin = sums[(color.r & 0xF8U) << 8U | (color.g & 0xFCU) << 3U | color.b >> 3U];
    bin.r += color.r;
    bin.g += color.g;
    bin.b += color.b;
    ++bin.count;
  }
  std::vector<ColorBin> bins;
  for (const Sums& bin : sums) {
    if (bin.count > 0) bins.push_back(bin_of(bin));
  }
  return bins;
}

}  // namespace

std::vector<ColorBin> color_bins(std::span<const Argb> pixels) {
  const std::size_t step = 1 + pixels.size() / kMostSamples;
  std::vector<ColorBin> bins = sampled_bins(pixels, step);
  // A few pixels among many transparent ones may all have been passed over.
  return bins.empty() && step > 1 ? sampled_bins(pixels, 1) : bins;
}

std::vector<ColorBin> single_color_bins(std::span<const Argb> pixels) {
  std::vector<Argb> drawn;
  std::copy_if(pixels.begin(), pixels.end(), std::back_inserter(drawn),
               [](Argb pixel) { return alpha_of(pixel) != 0; });
  const std::size_t step = std::max<std::size_t>(1, (drawn.size() + kMostSingle - 1) / kMostSingle);
  std::vector<Rgb> colors;
  for (std::size_t run = 0; run < drawn.size(); run += step) {
    colors.push_back(rgb_of(drawn[run + place_in(run, std::min(step, drawn.size() - run))]));
  }
  std::sort(colors.begin(), colors.end());
  std::vector<ColorBin> bins;
  for (const Rgb color : colors) {
    if (bins.empty() || bins.back().mean != color) bins.push_back({color, 0});
    ++bins.back().weight;
  }
  return bins;
}

}  // namespace anim
