// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/picture_sample.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "gst/core/flatness.h"

namespace anim {
namespace {

/// A picture cut into bands of rows, the last of which may have fewer.
struct Bands {
  const ImageView& picture;
  int rows;

  [[nodiscard]] int count() const { return (picture.size.height + rows - 1) / rows; }
  [[nodiscard]] Rect at(int index) const {
    const int y = index * rows;
    return {0, y, picture.size.width, std::min(rows, picture.size.height - y)};
  }
  /// How many hold about `pixels`.
  [[nodiscard]] int fitting(std::int64_t pixels) const {
    const auto fit = pixels / (std::int64_t{picture.size.width} * rows);
    return static_cast<int>(std::clamp<std::int64_t>(fit, 1, count()));
  }
  /// Those of these indices (rising), one below the other.
  [[nodiscard]] Image joined(const std::vector<int>& indices) const {
    int height = 0;
    for (const int index : indices) height += at(index).height;
    Image out(picture.format, {picture.size.width, height});
    int y = 0;
    for (const int index : indices) {
      const Rect part = at(index);
      out.replace({0, y, part.width, part.height}, cropped(picture, part));
      y += part.height;
    }
    return out;
  }
};

}  // namespace

Image sample_of(const ImageView& picture, std::int64_t pixels, int band) {
  if (picture.size.area() <= pixels) return Image(picture);
  const Bands bands{picture, band};
  const int kept = bands.fitting(pixels);
  std::vector<int> indices;
  indices.reserve(static_cast<std::size_t>(kept));
  for (int i = 0; i < kept; ++i) indices.push_back((2 * i + 1) * bands.count() / (2 * kept));
  return bands.joined(indices);
}

Image busiest_of(const ImageView& picture, std::int64_t pixels, int band) {
  if (picture.size.area() <= pixels) return Image(picture);
  const Bands bands{picture, band};
  std::vector<std::int64_t> busy;
  busy.reserve(static_cast<std::size_t>(bands.count()));
  for (int index = 0; index < bands.count(); ++index) {
    busy.push_back(count_edges(cropped(picture, bands.at(index))));
  }
  std::vector<int> indices(busy.size());
  std::iota(indices.begin(), indices.end(), 0);
  std::stable_sort(indices.begin(), indices.end(), [&](int a, int b) {
    return busy[static_cast<std::size_t>(a)] > busy[static_cast<std::size_t>(b)];
  });
  indices.resize(static_cast<std::size_t>(bands.fitting(pixels)));
  std::sort(indices.begin(), indices.end());
  return bands.joined(indices);
}

}  // namespace anim
