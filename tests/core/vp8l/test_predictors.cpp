// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include <doctest/doctest.h>

#include "gst/core/vp8l/predictors.h"

using namespace anim::vp8l;

namespace {

template <class Color>
Pixels picture(int width, int height, Color color) {
  Pixels pixels{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      pixels.words.push_back(0xFF000000U | static_cast<std::uint32_t>(color(x, y)));
    }
  }
  return pixels;
}

/// Pixels that are not what was predicted, but for the first row and column.
std::ptrdiff_t wrong(const Predicted& predicted) {
  const Pixels& residuals = predicted.residuals;
  std::ptrdiff_t count = 0;
  for (int y = 1; y < residuals.height; ++y) {
    const auto row = residuals.words.begin() + static_cast<std::ptrdiff_t>(y) * residuals.width;
    count += residuals.width - 1 - std::count(row + 1, row + residuals.width, 0U);
  }
  return count;
}

}  // namespace

TEST_CASE("each tile has the predictor that fits") {
  // Columns, then rows.
  const auto colors = [](int x, int y) { return x < 32 ? x * 77 % 256 : y * 77 % 256; };
  const Predicted out = predicted(picture(64, 32, colors), 5);
  CHECK(out.modes == std::vector<std::uint8_t>{2, 1});
  CHECK(wrong(out) < 32);  // where the rows begin
}

TEST_CASE("a slope is predicted by its neighbours") {
  const Predicted out = predicted(picture(40, 40, [](int x, int y) { return x * 2 + y * 3; }), 5);
  CHECK(out.modes.front() == 12);
  CHECK(wrong(out) == 0);
}

TEST_CASE("edges are differences from black, the left and the one above") {
  const Predicted out =
      predicted(picture(3, 2, [](int x, int y) { return 10 + 5 * x + 40 * y; }), 5);
  CHECK(out.residuals.words[0] == 10);
  CHECK(out.residuals.words[1] == 5);
  CHECK(out.residuals.words[2] == 5);
  CHECK(out.residuals.words[3] == 40);
}

TEST_CASE("one pixel is a difference from black") {
  const Predicted out = predicted(picture(1, 1, [](int, int) { return 0x010203; }), 5);
  CHECK(out.residuals.words == std::vector<std::uint32_t>{0x010203});
  CHECK(out.modes.size() == 1);
}
