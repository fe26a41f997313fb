// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/flatness.h"

#include <algorithm>
#include <cstdlib>
#include <span>
#include <utility>

#include "gst/core/rgb_yuv.h"

namespace anim {
namespace {

constexpr int kRowStep = 4;
constexpr int kFaint = 3;  // levels between neighbours

using Pixels = std::span<const std::uint32_t>;

/// Pixels of `row` that are as the one before and as that of `above`.
template <class Pixel>
int count_flat(std::span<const Pixel> above, std::span<const Pixel> row) {
  int count = 0;
  for (std::size_t x = 1; x < row.size(); ++x) {
    count += static_cast<int>(row[x] == row[x - 1]) & static_cast<int>(row[x] == above[x]);
  }
  return count;
}

int count_flat(const ImageView& picture, int y) {
  if (picture.format != PixelFormat::Bgra) {
    return count_flat(picture.row(0, y - 1), picture.row(0, y));
  }
  return count_flat(packed_words(picture, y - 1), packed_words(picture, y));
}

/// The largest difference of a channel of two pixels.
int distance(std::uint32_t a, std::uint32_t b) {
  int most = 0;
  for (int shift = 0; shift < 24; shift += 8) {
    const int difference =
        static_cast<int>(a >> shift & 0xFF) - static_cast<int>(b >> shift & 0xFF);
    most = std::max(most, std::abs(difference));
  }
  return most;
}

struct Edges {
  int clean = 0;   ///< followed by pixels that are all the same
  int traced = 0;  ///< followed by pixels that are nearly so
};

/// What follows the pixel `x`, the last of an edge, if any of it is seen in `changes`.
void count_edge(Pixels row, Pixels changes, std::size_t x, Edges& edges) {
  constexpr std::size_t kBeside = 3;  // pixels
  if (x + kBeside >= row.size()) return;
  const auto is_clear = [](std::uint32_t pixel) { return pixel == 0; };
  const auto changed = changes.subspan(x + 1, kBeside);
  if (std::all_of(changed.begin(), changed.end(), is_clear)) return;
  const auto beside = row.subspan(x + 1, kBeside);
  const auto is_at_most = [&](int levels) {
    return std::all_of(beside.begin(), beside.end(), [&, last = row[x]](auto pixel) mutable {
      return distance(std::exchange(last, pixel), pixel) <= levels;
    });
  };
  if (is_at_most(0)) {
    ++edges.clean;
  } else if (is_at_most(kFaint)) {
    ++edges.traced;
  }
}

/// Of one row. An edge is a run of pixels that are not nearly as the one before.
void count_edges(Pixels row, Pixels changes, Edges& edges) {
  constexpr int kStrong = 48;  // levels
  int strongest = 0;
  for (std::size_t x = 1; x < row.size(); ++x) {
    const int step = row[x] == row[x - 1] ? 0 : distance(row[x - 1], row[x]);
    if (step > kFaint) {
      strongest = std::max(strongest, step);
    } else if (std::exchange(strongest, 0) >= kStrong) {
      count_edge(row, changes, x - 1, edges);
    }
  }
}

}  // namespace

double flat_share(const ImageView& picture) {
  const auto [width, height] = picture.size;
  if (width < 2 || height < 2) return 0;
  std::int64_t flat = 0;
  std::int64_t all = 0;
  for (int y = 1; y < height; y += kRowStep) {
    flat += count_flat(picture, y);
    all += width - 1;
  }
  return static_cast<double>(flat) / static_cast<double>(all);
}

std::int64_t count_edges(const ImageView& picture) {
  std::int64_t count = 0;
  for (int y = 0; y < picture.size.height; ++y) {
    const auto row = packed_words(picture, y);
    for (std::size_t x = 1; x < row.size(); ++x) count += row[x] != row[x - 1] ? 1 : 0;
  }
  return count;
}

double clean_edge_share(const ImageView& picture, const ImageView& changes) {
  constexpr int kFew = 16;
  Edges edges;
  for (int y = 0; y < picture.size.height; y += kRowStep) {
    count_edges(packed_words(picture, y), packed_words(changes, y), edges);
  }
  const int all = edges.clean + edges.traced;
  return all < kFew ? 0 : static_cast<double>(edges.clean) / all;
}

std::vector<std::uint8_t> thumbprint(const ImageView& picture) {
  constexpr int kPrintStep = 8;
  const bool is_packed = picture.format == PixelFormat::Bgra;
  const std::size_t step = is_packed ? 4 : 1;
  std::vector<std::uint8_t> print;
  for (int y = 0; y < picture.size.height; y += kPrintStep) {
    const auto row = picture.row(0, y);
    for (std::size_t at = is_packed ? 1 : 0; at < row.size(); at += step) print.push_back(row[at]);
  }
  return print;
}

double changed_share(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  constexpr int kNoise = 8;  // levels
  if (a.size() != b.size() || a.empty()) return 1;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < a.size(); ++i) changed += std::abs(a[i] - b[i]) > kNoise ? 1 : 0;
  return static_cast<double>(changed) / static_cast<double>(a.size());
}

double share_ruined_by_halving(const ImageView& picture) {
  constexpr int kVisible = 16;  // levels of a channel
  const Image shown = rgb_from_yuv(yuv_from_rgb(picture, PixelFormat::I420).view());
  const auto [width, height] = picture.size;
  std::int64_t ruined = 0;
  for (int y = 0; y < height; ++y) {
    const auto before = picture.row(0, y);
    const auto after = shown.view().row(0, y);
    for (std::size_t x = 0; x < before.size(); x += 4) {
      int most = 0;
      for (std::size_t c = x; c < x + 3; ++c) most = std::max(most, std::abs(before[c] - after[c]));
      ruined += most > kVisible && before[x + 3] != 0 ? 1 : 0;
    }
  }
  return static_cast<double>(ruined) / static_cast<double>(picture.size.area());
}

}  // namespace anim
