// SPDX-License-Identifier: LGPL-2.1-or-later
// Curves of size over quality, real and absurd: the search hits what can be hit, in few tries.
#include <cmath>
#include <functional>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/size_search.h"

using anim::QualityRange;
using anim::SizeSearch;

namespace {

using Curve = std::function<double(double)>;
constexpr QualityRange kWebp{0, 100, 0.1};
constexpr QualityRange kGif{1, 100, 1};

struct Found {
  std::optional<double> quality;
  std::uint64_t size = 0;
  int tries = 0;
};

std::uint64_t size_at(const Curve& curve, double quality) {
  return static_cast<std::uint64_t>(curve(quality));
}

Found found(const Curve& curve, std::uint64_t target, const QualityRange& range, double first) {
  SizeSearch search(target, range, first);
  Found out;
  while (const auto quality = search.next()) {
    REQUIRE(*quality >= range.lowest);
    REQUIRE(*quality <= range.highest);
    search.add(*quality, size_at(curve, *quality));
    ++out.tries;
    REQUIRE(out.tries <= SizeSearch::kMostTries);
  }
  out.quality = search.best();
  if (out.quality) out.size = size_at(curve, *out.quality);
  return out;
}

/// As of libwebp on film: nearly a straight line in log(size), steep at the end.
double film(double q) {
  return 20000 * std::exp(0.022 * q + (q > 85 ? 0.06 * (q - 85) : 0));
}

}  // namespace

TEST_CASE("a size between those of the ends is hit within -10 to 0 %, in few tries") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> part(0, 1);
  double tries = 0;
  constexpr int kRounds = 2000;
  for (int round = 0; round < kRounds; ++round) {
    // Any slope at the ends and the middle, with a little noise as of real files.
    const double a = 0.002 + 0.03 * part(random);
    const double b = 0.002 + 0.08 * part(random);
    const double knee = 20 + 75 * part(random);
    const double wave = 0.01 * part(random);
    const Curve curve = [=](double q) {
      const double ramp = a * std::min(q, knee) + b * std::max(0.0, q - knee);
      return 30000 * std::exp(ramp + wave * std::sin(q));
    };
    const double low = curve(0);
    const double high = curve(100);
    const double at = 0.05 + 0.9 * part(random);
    const auto target = static_cast<std::uint64_t>(low * std::pow(high / low, at));
    const Found got = found(curve, target, kWebp, 100 * part(random));
    CAPTURE(round);
    REQUIRE(got.quality);
    CHECK(got.size <= target);
    CHECK(static_cast<double>(got.size) >= 0.9 * static_cast<double>(target));
    tries += got.tries;
  }
  CHECK(tries / kRounds < 5);
}

TEST_CASE("whole steps of quality are enough where a step is less than the margin") {
  for (int percent = 105; percent < 300; percent += 13) {
    CAPTURE(percent);
    const Curve curve = [](double q) { return 100000 * std::exp(0.012 * q); };
    const auto target = static_cast<std::uint64_t>(1000.0 * percent);
    const Found got = found(curve, target, kGif, 80);
    REQUIRE(got.quality);
    CHECK(*got.quality == std::round(*got.quality));
    CHECK(got.size <= target);
    CHECK(static_cast<double>(got.size) >= 0.9 * static_cast<double>(target));
  }
}

TEST_CASE("beyond the ends the nearest end is tried") {
  const Found large = found(film, 100'000'000, kWebp, 75);
  CHECK(large.quality == 100.0);
  CHECK(large.tries <= 6);
  SizeSearch search(100, kWebp, 75);
  bool lowest_tried = false;
  int tries = 0;
  while (const auto quality = search.next()) {
    lowest_tried = lowest_tried || *quality == 0;
    search.add(*quality, size_at(film, *quality));
    ++tries;
  }
  CHECK_FALSE(search.best());
  CHECK(lowest_tried);
  CHECK(tries <= 6);
}

TEST_CASE("whatever the curve, the search ends, and what fits is found or the lowest was tried") {
  std::mt19937 random(11);
  std::uniform_int_distribution<std::uint64_t> any(1, 1'000'000);
  for (int round = 0; round < 3000; ++round) {
    CAPTURE(round);
    const std::uint64_t target = any(random);
    const QualityRange range = round % 2 == 0 ? kWebp : kGif;
    SizeSearch search(target, range, 75);
    std::map<double, std::uint64_t> sizes;
    while (const auto quality = search.next()) {
      REQUIRE_FALSE(sizes.contains(*quality));
      sizes[*quality] = any(random);
      search.add(*quality, sizes[*quality]);
    }
    REQUIRE(sizes.size() <= SizeSearch::kMostTries);
    const auto best = search.best();
    if (!best) {
      CHECK(sizes.contains(range.lowest));
    } else {
      for (const auto& [quality, size] : sizes) {
        CHECK((size > target || size <= sizes.at(*best)));
      }
    }
  }
}

TEST_CASE("a curve with a jump over the target ends below it") {
  const Curve jump = [](double q) { return q < 40 ? 50000 + q : 200000 + q; };
  const Found got = found(jump, 100000, kWebp, 75);
  REQUIRE(got.quality);
  CHECK(got.size < 51000);
  CHECK(got.tries <= SizeSearch::kMostTries);
}

TEST_CASE("a size that does not depend on quality") {
  const Found fits = found([](double) { return 5000.0; }, 10000, kWebp, 75);
  CHECK(fits.quality == 100.0);
  const Found none = found([](double) { return 5000.0; }, 1000, kWebp, 75);
  CHECK_FALSE(none.quality);
}
