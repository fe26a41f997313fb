// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/palette.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace anim {
namespace {

constexpr int kRounds = 3;  // of k-means; more moves little
constexpr std::size_t kSmallestTable = 15;
constexpr std::array<int, 3> kWeights = {kRedWeight, kGreenWeight, kBlueWeight};

using Point = std::array<int, 3>;

Point point_of(Rgb color) {
  return {color.r, color.g, color.b};
}

/// The weighted mean of colours, as it is collected.
struct Mean {
  double weight = 0;
  std::array<double, 3> sum{};

  void add(const ColorBin& bin) {
    const Point at = point_of(bin.mean);
    weight += bin.weight;
    for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += bin.weight * at[axis];
  }

  [[nodiscard]] Rgb color() const {
    const auto level = [this](std::size_t axis) {
      return static_cast<std::uint8_t>(std::lround(sum[axis] / weight));
    };
    return {level(0), level(1), level(2)};
  }
};

using Bins = std::span<ColorBin>;

/// Bins that one colour stands for.
struct Box {
  Bins bins;
  Mean mean;
  std::size_t axis = 0;  ///< along which they differ most
  double error = 0;      ///< the weighted squared error along it
  double whole = 0;      ///< and along all axes
};

Box box_of(Bins bins) {
  Box box{.bins = bins, .mean = {}, .axis = 0, .error = 0, .whole = 0};
  std::array<double, 3> squares{};
  for (const ColorBin& bin : bins) {
    box.mean.add(bin);
    const Point at = point_of(bin.mean);
    for (std::size_t axis = 0; axis < 3; ++axis) squares[axis] += bin.weight * at[axis] * at[axis];
  }
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double sum = box.mean.sum[axis];
    const double error = kWeights[axis] * (squares[axis] - sum * sum / box.mean.weight);
    box.whole += error;
    if (error <= box.error) continue;
    box.error = error;
    box.axis = axis;
  }
  if (bins.size() < 2) box.error = 0;
  return box;
}

/// Splits `box` at its mean: the lower part stays, the upper part is returned. When all bins are on
/// one side (their means round to one colour), the box is marked as whole.
Bins split(Box& box) {
  const double middle = box.mean.sum[box.axis] / box.mean.weight;
  const auto upper = std::partition(box.bins.begin(), box.bins.end(), [&](const ColorBin& bin) {
    return point_of(bin.mean)[box.axis] <= middle;
  });
  const auto count = static_cast<std::size_t>(upper - box.bins.begin());
  const Bins rest = box.bins.subspan(count);
  if (count == 0 || rest.empty()) {
    box.error = 0;
    return {};
  }
  box = box_of(box.bins.first(count));
  return rest;
}

std::vector<Rgb> colors_of(const std::vector<Box>& boxes) {
  std::vector<Rgb> colors;
  colors.reserve(boxes.size());
  for (const Box& box : boxes) colors.push_back(box.mean.color());
  return colors;
}

/// Of the table that so many colours and a transparent entry are written in.
double entries_for(std::size_t colors) {
  return static_cast<double>(std::min<std::size_t>(std::bit_ceil(colors + 1), 256));
}

/// The cheapest of tables: their error, and what their entries are worth.
class Cheapest {
 public:
  explicit Cheapest(double color_worth) : color_worth_(color_worth) {}

  /// The last one stands when colours are worth nothing.
  void offer(const std::vector<Box>& boxes) {
    double error = 0;
    double weight = 0;
    for (const Box& box : boxes) {
      error += box.whole;
      weight += box.mean.weight;
    }
    const double cost = error / weight / kLevelDistance + color_worth_ * entries_for(boxes.size());
    if (cost > least_) return;
    least_ = cost;
    colors_ = colors_of(boxes);
  }
  [[nodiscard]] std::vector<Rgb> taken() { return std::move(colors_); }

 private:
  double color_worth_;
  double least_ = std::numeric_limits<double>::max();
  std::vector<Rgb> colors_;
};

bool is_full_table(std::size_t colors) {
  return colors >= kSmallestTable && std::has_single_bit(colors + 1);
}

std::vector<Rgb> split_colors(Bins bins, std::size_t most, double color_worth) {
  std::vector<Box> boxes = {box_of(bins)};
  Cheapest cheapest(color_worth);
  while (boxes.size() < most) {
    if (color_worth > 0 && is_full_table(boxes.size())) cheapest.offer(boxes);
    const auto worst = std::max_element(
        boxes.begin(), boxes.end(), [](const Box& a, const Box& b) { return a.error < b.error; });
    if (worst->error <= 0) break;
    const Bins rest = split(*worst);
    if (!rest.empty()) boxes.push_back(box_of(rest));
  }
  cheapest.offer(boxes);
  return cheapest.taken();
}

/// Colours in order of green, to look for the nearest outwards from a colour's own green.
class GreenOrder {
 public:
  explicit GreenOrder(std::vector<Rgb>& colors) : colors_(colors) {
    std::sort(colors.begin(), colors.end(), [](Rgb a, Rgb b) { return a.g < b.g; });
    for (int green = 0, place = 0; green < 256; ++green) {
      while (place < count() && colors_[place].g < green) ++place;
      first_[green] = place;
    }
  }

  struct Found {
    int place = 0;
    int distance = std::numeric_limits<int>::max();
  };
  [[nodiscard]] Found nearest(Rgb color) const {
    Found best;
    for (int place = first_[color.g]; place < count(); ++place) {
      if (!try_place(place, color, best)) break;
    }
    for (int place = first_[color.g] - 1; place >= 0; --place) {
      if (!try_place(place, color, best)) break;
    }
    return best;
  }

 private:
  [[nodiscard]] int count() const { return static_cast<int>(colors_.size()); }

  /// False when no colour further out can be nearer.
  bool try_place(int place, Rgb color, Found& best) const {
    const int green = colors_[place].g - color.g;
    if (kGreenWeight * green * green >= best.distance) return false;
    const int distance = color_distance(colors_[place], color);
    if (distance < best.distance) best = {place, distance};
    return true;
  }

  std::vector<Rgb>& colors_;
  std::array<int, 256> first_{};
};

/// Moves each colour to the mean of the bins that are nearest to it.
void refine(const std::vector<ColorBin>& bins, std::vector<Rgb>& colors) {
  const GreenOrder order(colors);
  std::vector<Mean> means(colors.size());
  for (const ColorBin& bin : bins) means[order.nearest(bin.mean).place].add(bin);
  for (std::size_t i = 0; i < colors.size(); ++i) {
    if (means[i].weight > 0) colors[i] = means[i].color();
  }
}

}  // namespace

double palette_spread(const std::vector<ColorBin>& bins, std::vector<Rgb> colors, double most) {
  double weight = 0;
  for (const ColorBin& bin : bins) weight += bin.weight;
  if (weight == 0) return 0;
  const GreenOrder order(colors);
  const double largest = most * most * weight * kLevelDistance;
  double error = 0;
  for (const ColorBin& bin : bins) {
    error += bin.weight * order.nearest(bin.mean).distance;
    if (error > largest) return kFarSpread;
  }
  return std::sqrt(error / weight / kLevelDistance);
}

Palette make_palette(const std::vector<ColorBin>& bins, int most, double color_worth) {
  assert(most >= 1 && most <= 256);
  if (bins.empty()) return {};
  std::vector<ColorBin> sorted = bins;
  Palette palette{.colors = split_colors(sorted, static_cast<std::size_t>(most), color_worth),
                  .spread = 0};
  for (int round = 0; round < kRounds; ++round) refine(bins, palette.colors);
  palette.spread = palette_spread(bins, palette.colors);
  std::sort(palette.colors.begin(), palette.colors.end());
  const auto twins = std::unique(palette.colors.begin(), palette.colors.end());
  palette.colors.erase(twins, palette.colors.end());
  return palette;
}

}  // namespace anim
