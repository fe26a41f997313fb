// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/size_search.h"

#include <algorithm>
#include <cmath>

namespace anim {
namespace {

constexpr double kAim = 0.975;         // of the target
constexpr double kClose = 0.95;        // near enough to stop
constexpr double kCloseEnough = 0.90;  // near enough to stop after kPatience tries
constexpr int kPatience = 5;
constexpr double kDoubling = 25;     // points of quality that double a file, before it is known
constexpr double kLeastShare = 0.1;  // of the distance between two qualities: their ends are known

}  // namespace

SizeSearch::SizeSearch(std::uint64_t target, const QualityRange& range, double first)
    : target_(target), range_(range), first_(on_grid(first)) {}

void SizeSearch::add(double quality, std::uint64_t size) {
  sizes_[quality] = size;
}

std::optional<double> SizeSearch::best() const {
  std::optional<Point> best;
  for (const auto& [quality, size] : sizes_) {
    if (size <= target_ && (!best || size >= best->size)) best = Point{quality, size};
  }
  if (!best) return std::nullopt;
  return best->quality;
}

std::optional<double> SizeSearch::next() const {
  if (sizes_.empty()) return first_;
  if (sizes_.size() >= kMostTries) return std::nullopt;
  if (const auto found = best(); found && is_close(sizes_.at(*found))) return std::nullopt;
  const auto low = below();
  const auto high = above(low);
  const double wanted = low && high ? between(*low, *high) : beyond(low ? *low : *high);
  if (sizes_.contains(wanted)) return std::nullopt;
  return wanted;
}

/// The highest quality whose file fits.
std::optional<SizeSearch::Point> SizeSearch::below() const {
  std::optional<Point> out;
  for (const auto& [quality, size] : sizes_) {
    if (size <= target_) out = Point{quality, size};
  }
  return out;
}

/// The lowest quality above `below` whose file does not.
std::optional<SizeSearch::Point> SizeSearch::above(const std::optional<Point>& below) const {
  const auto from = below ? sizes_.upper_bound(below->quality) : sizes_.begin();
  if (from == sizes_.end()) return std::nullopt;
  return Point{from->first, from->second};
}

bool SizeSearch::is_close(std::uint64_t size) const {
  const bool is_patient = sizes_.size() < kPatience;
  const double share = is_patient ? kClose : kCloseEnough;
  return static_cast<double>(size) >= share * static_cast<double>(target_);
}

/// Where the size should be kAim of the target: log(size) is taken as linear between both. Late
/// tries halve by turns, so that a bend in the curve or a jump does not hold the search up.
double SizeSearch::between(const Point& low, const Point& high) const {
  const double from = std::log(static_cast<double>(low.size));
  const double to = std::log(static_cast<double>(high.size));
  const double aim = std::log(kAim * static_cast<double>(target_));
  const bool halves = sizes_.size() > kPatience && sizes_.size() % 2 == 0;
  const double share = halves ? 0.5 : (aim - from) / (to - from);
  const double kept = std::clamp(share, kLeastShare, 1 - kLeastShare);
  const double wanted = on_grid(low.quality + kept * (high.quality - low.quality));
  if (wanted > low.quality && wanted < high.quality) return wanted;
  // The step is too coarse for the share, but there may be one between.
  const double middle = on_grid((low.quality + high.quality) / 2);
  return middle < high.quality ? middle : low.quality;
}

/// All that is known lies on one side of the target, `known` nearest to it: further by the slope
/// of log(size) so far, in longer steps the longer it takes, at last to the end of the range.
double SizeSearch::beyond(const Point& known) const {
  const double ratio = kAim * static_cast<double>(target_) / static_cast<double>(known.size);
  if (sizes_.size() >= kPatience) return ratio > 1 ? range_.highest : range_.lowest;
  const auto tries = static_cast<double>(sizes_.size());
  const double distance = doubling(known) * std::log2(ratio) * std::sqrt(tries);
  const double at_least = ratio > 1 ? range_.step : -range_.step;
  const bool is_short = std::abs(distance) < range_.step;
  return on_grid(known.quality + (is_short ? at_least : distance));
}

/// By how many points of quality a file doubles, as the ends of what is known tell.
double SizeSearch::doubling(const Point& known) const {
  const auto& [quality, size] =
      known.quality == sizes_.begin()->first ? *sizes_.rbegin() : *sizes_.begin();
  const double doublings = std::log2(static_cast<double>(size) / static_cast<double>(known.size));
  const double points = quality - known.quality;
  if (points * doublings <= 0) return kDoubling;
  return std::clamp(points / doublings, kDoubling / 5, kDoubling * 5);
}

double SizeSearch::on_grid(double quality) const {
  const double whole = std::round(quality / range_.step) * range_.step;
  return std::clamp(whole, range_.lowest, range_.highest);
}

}  // namespace anim
