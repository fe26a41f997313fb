// SPDX-License-Identifier: LGPL-2.1-or-later
// Looking for the quality at which a file has a wanted size.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace anim {

/// The qualities that there are.
struct QualityRange {
  double lowest = 0;
  double highest = 100;
  double step = 0.1;  ///< they are multiples of it
};

/// Finds the quality of the largest file of at most `target` bytes, from the sizes of few: sizes
/// grow with quality, nearly exponentially between two that are close. What comes out depends on
/// the sizes alone.
class SizeSearch {
 public:
  /// No more sizes are asked for.
  static constexpr int kMostTries = 12;

  /// `first` is tried first.
  SizeSearch(std::uint64_t target, const QualityRange& range, double first);

  /// The quality whose size is needed next; none when the search is over.
  [[nodiscard]] std::optional<double> next() const;
  /// The file of `quality` has `size` bytes.
  void add(double quality, std::uint64_t size);

  /// Of the sizes told, the quality of the largest that fits; none when none does.
  [[nodiscard]] std::optional<double> best() const;

 private:
  struct Point {
    double quality;
    std::uint64_t size;
  };
  [[nodiscard]] std::optional<Point> below() const;
  [[nodiscard]] std::optional<Point> above(const std::optional<Point>& below) const;
  [[nodiscard]] bool is_close(std::uint64_t size) const;
  [[nodiscard]] double between(const Point& low, const Point& high) const;
  [[nodiscard]] double beyond(const Point& known) const;
  [[nodiscard]] double doubling(const Point& known) const;
  [[nodiscard]] double on_grid(double quality) const;

  std::uint64_t target_;
  QualityRange range_;
  double first_;
  std::map<double, std::uint64_t> sizes_;
};

}  // namespace anim
