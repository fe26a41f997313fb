// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_tables.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>

#include "gst/core/gif.h"
#include "gst/core/histogram.h"
#include "gst/core/lzw.h"

namespace anim {
namespace {

constexpr int kLatticeSide = 4;  // colours along each axis that Global has from everywhere
constexpr int kLatticeStep = 255 / (kLatticeSide - 1);
constexpr double kLatticeShare = 0.0005;  // of the weight of all

bool has_all(const Palette& palette, const std::vector<Rgb>& colors) {
  return std::includes(palette.colors.begin(), palette.colors.end(), colors.begin(), colors.end());
}

/// With a transparent entry.
int bits_of(const std::vector<Rgb>& colors) {
  return lzw_index_bits(std::min<std::size_t>(colors.size() + 1, 256));
}

/// All colours of frames that have few, when they fit in one table.
std::optional<std::vector<Rgb>> common_colors(const std::vector<const GifChange*>& changes,
                                              int most) {
  std::vector<Argb> all;
  for (const GifChange* change : changes) {
    if (!change->is_exact) return std::nullopt;
    for (const Rgb color : change->colors) all.push_back(opaque(color));
  }
  return exact_colors(all, most);
}

/// Sorted.
std::vector<Rgb> lattice() {
  const auto level = [](int step) { return static_cast<std::uint8_t>(step * kLatticeStep); };
  std::vector<Rgb> colors;
  for (int r = 0; r < kLatticeSide; ++r) {
    for (int g = 0; g < kLatticeSide; ++g) {
      for (int b = 0; b < kLatticeSide; ++b) colors.push_back({level(r), level(g), level(b)});
    }
  }
  return colors;
}

void add_lattice(std::vector<ColorBin>& bins) {
  double weight = 0;
  for (const ColorBin& bin : bins) weight += bin.weight;
  const double share = std::max(1e-3, kLatticeShare * weight / std::pow(kLatticeSide, 3));
  for (const Rgb color : lattice()) bins.push_back({color, share});
}

/// `colors`, sorted, and of the lattice as many as there is room for, spread evenly.
std::vector<Rgb> filled_up(const std::vector<Rgb>& colors, std::size_t most) {
  const std::vector<Rgb> all = lattice();
  std::vector<Rgb> more;
  std::set_difference(all.begin(), all.end(), colors.begin(), colors.end(),
                      std::back_inserter(more));
  const std::size_t room = std::min(most - colors.size(), more.size());
  std::vector<Rgb> out = colors;
  for (std::size_t i = 0; i < room; ++i) out.push_back(more[i * more.size() / room]);
  std::sort(out.begin(), out.end());
  return out;
}

double drawn_pixels(const GifChange& change) {
  const auto holes = std::count(change.pixels.begin(), change.pixels.end(), Argb{0});
  return static_cast<double>(change.pixels.size()) - static_cast<double>(holes);
}

Palette own_exact_table(const GifChange& change, const Palette& first, int most) {
  const bool fits = static_cast<int>(first.colors.size()) <= most;
  const bool is_as_small = bits_of(change.colors) == bits_of(first.colors);
  if (fits && is_as_small && has_all(first, change.colors)) return {first.colors, 0};
  return {change.colors, 0};
}

}  // namespace

Palette first_table(const std::vector<const GifChange*>& changes, GifPalette palette, int most) {
  const GifChange& first = *changes.front();
  if (palette != GifPalette::Global) {
    if (first.is_exact) return {first.colors, 0};
    return make_palette(color_bins(first.pixels), most);
  }
  if (const auto colors = common_colors(changes, most)) {
    return {filled_up(*colors, static_cast<std::size_t>(most)), 0};
  }
  std::vector<ColorBin> bins;
  for (const GifChange* change : changes) {
    const std::vector<ColorBin> more = color_bins(change->pixels);
    bins.insert(bins.end(), more.begin(), more.end());
  }
  add_lattice(bins);
  return make_palette(bins, most);
}

Palette next_table(const GifChange& change, const Palette& first, GifPalette palette,
                   const GifTableRules& rules) {
  if (palette == GifPalette::Global) {
    if (change.is_exact && has_all(first, change.colors)) return {first.colors, 0};
    return {first.colors, palette_spread(color_bins(change.pixels), first.colors)};
  }
  if (change.is_exact) {
    if (palette == GifPalette::PerFrame) return {change.colors, 0};
    return own_exact_table(change, first, rules.most);
  }
  const std::vector<ColorBin> bins =
      rules.is_close ? single_color_bins(change.pixels) : color_bins(change.pixels);
  const double color_worth =
      kGifBytesPerColor * rules.byte_worth / std::max(1.0, drawn_pixels(change));
  Palette own = make_palette(bins, rules.most, color_worth);
  if (palette == GifPalette::PerFrame || static_cast<int>(first.colors.size()) > rules.most) {
    return own;
  }
  const double saved = color_worth * static_cast<double>(std::size_t{1} << bits_of(own.colors));
  const double most = std::sqrt(own.spread * own.spread + saved);
  const double spread = palette_spread(bins, first.colors, most);
  if (spread > most) return own;
  return {first.colors, spread};
}

}  // namespace anim
