// SPDX-License-Identifier: LGPL-2.1-or-later
// Samples of pictures whose rows are numbered.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/picture_sample.h"

namespace {

using anim::Image;
using anim::PixelFormat;
using anim::Size;

Image numbered_rows(PixelFormat format, Size size) {
  Image picture(format, size);
  for (int plane = 0; plane < plane_count(format); ++plane) {
    const Size extent = plane_bytes(format, size, plane);
    for (int y = 0; y < extent.height; ++y) {
      std::fill_n(picture.plane(plane) + static_cast<std::ptrdiff_t>(y) * extent.width,
                  extent.width, static_cast<std::uint8_t>(y));
    }
  }
  return picture;
}

std::vector<int> rows_of(const Image& picture, int plane) {
  std::vector<int> rows;
  const int count = plane_bytes(picture.format(), picture.size(), plane).height;
  for (int y = 0; y < count; ++y) rows.push_back(picture.view().row(plane, y)[0]);
  return rows;
}

}  // namespace

TEST_CASE("a small picture is its own sample") {
  const Image picture = numbered_rows(PixelFormat::Bgra, {10, 10});
  CHECK(same_pixels(sample_of(picture.view(), 100, 4).view(), picture.view()));
}

TEST_CASE("bands are spread evenly") {
  const Image picture = numbered_rows(PixelFormat::Bgra, {10, 40});
  CHECK(rows_of(sample_of(picture.view(), 80, 4), 0) == std::vector{8, 9, 10, 11, 28, 29, 30, 31});
  const auto rows = rows_of(sample_of(picture.view(), 280, 4), 0);
  CHECK(rows.size() == 28);
  CHECK(rows.back() == 39);
}

TEST_CASE("there is at least one band, and the last may be cut short") {
  const Image picture = numbered_rows(PixelFormat::Bgra, {100, 7});
  CHECK(rows_of(sample_of(picture.view(), 1, 4), 0) == std::vector{4, 5, 6});
}

TEST_CASE("the busiest bands are those with most changes from pixel to pixel") {
  Image picture = numbered_rows(PixelFormat::Bgra, {10, 40});
  for (const int y : {5, 6, 30, 37}) {
    for (int x = 0; x < 10; x += y == 37 ? 5 : 2) picture.plane(0)[40 * y + 4 * x + 1] = 200;
  }
  const auto rows = rows_of(busiest_of(picture.view(), 80, 4), 0);
  CHECK(rows == std::vector{4, 5, 6, 7, 28, 29, 30, 31});
  CHECK(same_pixels(busiest_of(picture.view(), 400, 4).view(), picture.view()));
}

TEST_CASE("chroma comes from beside its luma") {
  const Image picture = numbered_rows(PixelFormat::I420, {10, 40});
  const Image sample = sample_of(picture.view(), 80, 4);
  CHECK(rows_of(sample, 0) == std::vector{8, 9, 10, 11, 28, 29, 30, 31});
  CHECK(rows_of(sample, 1) == std::vector{4, 5, 14, 15});
}
