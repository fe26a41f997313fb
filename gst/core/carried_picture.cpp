// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/carried_picture.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace anim {
namespace {

/// Whether plane `index` of both is the same, within `tolerance`.
bool is_similar(const ImageView& a, const ImageView& b, int index, int tolerance) {
  const Size extent = plane_bytes(a.format, a.size, index);
  int largest = 0;
  std::int64_t sum = 0;
  for (int y = 0; y < extent.height; ++y) {
    const auto left = a.row(index, y);
    const auto right = b.row(index, y);
    if (std::memcmp(left.data(), right.data(), left.size()) == 0) continue;
    if (tolerance == 0) return false;
    for (std::size_t x = 0; x < left.size(); ++x) {
      const int difference = left[x] - right[x];
      largest = std::max(largest, std::abs(difference));
      sum += difference;
    }
    if (largest > tolerance) return false;
  }
  return std::abs(sum) <= extent.area();
}

/// Grows `area` to hold `block`.
Rect united(const Rect& area, const Rect& block) {
  if (area.is_empty()) return block;
  const int x = std::min(area.x, block.x);
  const int y = std::min(area.y, block.y);
  return {x, y, std::max(area.right(), block.right()) - x,
          std::max(area.bottom(), block.bottom()) - y};
}

}  // namespace

bool CarriedPicture::is_changed(const ImageView& picture, const Rect& block) const {
  const ImageView now = cropped(picture, block);
  const ImageView then = cropped(shown_.view(), block);
  for (int plane = 0; plane < plane_count(picture.format); ++plane) {
    const bool is_alpha = plane == 3;
    if (!is_similar(now, then, plane, is_alpha ? 0 : tolerance_.sample)) return true;
  }
  return false;
}

Rect CarriedPicture::changed_area(const ImageView& picture) const {
  const auto [width, height] = picture.size;
  Rect area;
  for (int y = 0; y < height; y += kBlock) {
    for (int x = 0; x < width; x += kBlock) {
      const Rect block{x, y, std::min(kBlock, width - x), std::min(kBlock, height - y)};
      // Inside the rectangle so far a change makes no difference.
      if (united(area, block) == area) continue;
      if (is_changed(picture, block)) area = united(area, block);
    }
  }
  return area;
}

Rect CarriedPicture::update(const ImageView& picture) {
  if (shown_.is_empty() || shown_.format() != picture.format || shown_.size() != picture.size) {
    shown_ = Image(picture);
    return {0, 0, picture.size.width, picture.size.height};
  }
  const Rect area = changed_area(picture);
  if (!area.is_empty()) shown_.replace(area, cropped(picture, area));
  return area;
}

}  // namespace anim
