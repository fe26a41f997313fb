// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/picture_sample.h"

#include <algorithm>
#include <vector>

namespace anim {

Image sample_of(const ImageView& picture, std::int64_t pixels, int band) {
  const auto [width, height] = picture.size;
  if (picture.size.area() <= pixels) return Image(picture);
  const int bands = (height + band - 1) / band;
  const auto kept = std::max<std::int64_t>(pixels / (std::int64_t{width} * band), 1);
  const int step = static_cast<int>((bands + kept - 1) / kept);
  std::vector<Rect> parts;
  int rows = 0;
  for (int index = step / 2; index < bands; index += step) {
    const int y = index * band;
    parts.push_back({0, y, width, std::min(band, height - y)});
    rows += parts.back().height;
  }
  Image out(picture.format, {width, rows});
  int y = 0;
  for (const Rect& part : parts) {
    out.replace({0, y, width, part.height}, cropped(picture, part));
    y += part.height;
  }
  return out;
}

}  // namespace anim
