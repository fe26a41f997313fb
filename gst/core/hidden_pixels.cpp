// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/hidden_pixels.h"

#include <algorithm>

namespace anim {
namespace {

constexpr int kBlock = 8;

/// Calls visit(sample) for each sample of a block of `plane` that is hidden, or for each that is
/// not. A sample of chroma is hidden when all the pixels that it colours are.
template <class Visit>
void visit_samples(const ImageView& picture, std::uint8_t* plane, int stride, int scale,
                   const Rect& block, bool hidden, Visit visit) {
  const auto is_hidden = [&](int x, int y) {
    for (int row = y * scale; row < std::min((y + 1) * scale, picture.size.height); ++row) {
      const auto alpha = picture.row(3, row);
      for (int at = x * scale; at < std::min((x + 1) * scale, picture.size.width); ++at) {
        if (alpha[static_cast<std::size_t>(at)] != 0) return false;
      }
    }
    return true;
  };
  for (int y = block.y; y < block.y + block.height; ++y) {
    for (int x = block.x; x < block.x + block.width; ++x) {
      if (is_hidden(x, y) == hidden) visit(plane[static_cast<std::ptrdiff_t>(y) * stride + x]);
    }
  }
}

void smooth_block(Image& picture, int plane, const Rect& block) {
  const ImageView view = picture.view();
  const auto stride = static_cast<int>(view.stride.at(static_cast<std::size_t>(plane)));
  const int scale = plane == 0 ? 1 : 2;
  std::uint8_t* samples = picture.plane(plane);
  int sum = 0;
  int count = 0;
  visit_samples(view, samples, stride, scale, block, false, [&](std::uint8_t sample) {
    sum += sample;
    ++count;
  });
  const std::uint8_t* first = samples + static_cast<std::ptrdiff_t>(block.y) * stride + block.x;
  const int beside = block.x > 0 ? first[-1] : first[0];
  const int fill = count > 0 ? (sum + count / 2) / count : beside;
  visit_samples(view, samples, stride, scale, block, true,
                [&](std::uint8_t& sample) { sample = static_cast<std::uint8_t>(fill); });
}

bool has_hidden(const ImageView& picture, const Rect& block) {
  for (int y = block.y; y < block.y + block.height; ++y) {
    const auto row = picture.row(3, y).subspan(static_cast<std::size_t>(block.x),
                                               static_cast<std::size_t>(block.width));
    if (std::find(row.begin(), row.end(), 0) != row.end()) return true;
  }
  return false;
}

}  // namespace

void smooth_hidden_pixels(Image& picture) {
  const auto [width, height] = picture.size();
  for (int y = 0; y < height; y += kBlock) {
    for (int x = 0; x < width; x += kBlock) {
      const Rect luma{x, y, std::min(kBlock, width - x), std::min(kBlock, height - y)};
      if (!has_hidden(picture.view(), luma)) continue;
      const Rect chroma{x / 2, y / 2, (luma.width + 1) / 2, (luma.height + 1) / 2};
      smooth_block(picture, 0, luma);
      smooth_block(picture, 1, chroma);
      smooth_block(picture, 2, chroma);
    }
  }
}

}  // namespace anim
