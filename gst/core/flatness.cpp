// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/flatness.h"

#include <algorithm>
#include <cstdlib>
#include <span>

#include "gst/core/rgb_yuv.h"

namespace anim {
namespace {

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
  return count_flat(bgra_words(picture, y - 1), bgra_words(picture, y));
}

}  // namespace

double flat_share(const ImageView& picture) {
  constexpr int kRowStep = 4;
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
    const auto row = bgra_words(picture, y);
    for (std::size_t x = 1; x < row.size(); ++x) count += row[x] != row[x - 1] ? 1 : 0;
  }
  return count;
}

std::vector<std::uint8_t> thumbprint(const ImageView& picture) {
  constexpr int kRowStep = 8;
  const bool is_packed = picture.format == PixelFormat::Bgra;
  const std::size_t step = is_packed ? 4 : 1;
  std::vector<std::uint8_t> print;
  for (int y = 0; y < picture.size.height; y += kRowStep) {
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
