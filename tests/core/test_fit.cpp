// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/fit.h"

using anim::canvas_for;
using anim::FitRequest;
using anim::placed;
using anim::Placement;
using anim::Rational;
using anim::Rect;
using anim::ScaleType;
using anim::Size;
using anim::square_size;
using anim::Window;

namespace doctest {
template <>
struct StringMaker<Size> {
  static String convert(Size s) {
    return (std::to_string(s.width) + "x" + std::to_string(s.height)).c_str();
  }
};
}  // namespace doctest

TEST_CASE("a side is 0, -1, a ratio up to 1 or pixels") {
  for (const double side : {0.0, -1.0, 0.001, 0.5, 1.0, 1.5, 320.0, 65535.0}) {
    CAPTURE(side);
    CHECK(anim::is_valid_side(side));
  }
  for (const double side :
       {-2.0, -0.5, -1.0001, 65535.5, 1e9, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CAPTURE(side);
    CHECK_FALSE(anim::is_valid_side(side));
  }
}

TEST_CASE("the short storage side grows to square pixels") {
  struct Row {
    Size stored;
    Rational aspect;
    Size square;
  };
  for (const Row& row :
       {Row{{720, 576}, {64, 45}, {1024, 576}}, Row{{720, 480}, {8, 9}, {720, 540}},
        Row{{720, 480}, {10, 11}, {720, 528}}, Row{{176, 144}, {12, 11}, {192, 144}},
        Row{{640, 480}, {1, 1}, {640, 480}}, Row{{640, 480}, {0, 1}, {640, 480}},
        Row{{1, 1}, {1, 1000}, {1, 1000}}, Row{{2147483647, 1}, {2, 1}, {2147483647, 1}}}) {
    CAPTURE(row.stored);
    CHECK(square_size(row.stored, row.aspect) == row.square);
  }
}

TEST_CASE("sides become a canvas") {
  constexpr auto kStretch = ScaleType::Stretch;
  constexpr auto kCrop = ScaleType::Crop;
  constexpr auto kFill = ScaleType::Fill;
  constexpr auto kFit = ScaleType::Fit;
  struct Row {
    const char* label;
    Size source;
    FitRequest request;
    Size canvas;
  };
  const Row rows[] = {
      {"all defaults", {640, 480}, {}, {640, 480}},
      {"ratios", {640, 480}, {0.5, 0.25, kStretch, true}, {320, 120}},
      {"1 is the whole", {640, 480}, {1, 1, kStretch, true}, {640, 480}},
      {"half up", {853, 481}, {0.5, 0.5, kStretch, true}, {427, 241}},
      {"a decimal's half up", {15, 35}, {0.7, 0.1, kStretch, true}, {11, 4}},
      {"never below 1", {10, 10}, {0.001, 0.01, kStretch, true}, {1, 1}},
      {"pixels are rounded", {640, 480}, {100.5, 99.4, kStretch, true}, {101, 99}},
      {"odd sizes stay odd", {640, 480}, {321, 179, kStretch, true}, {321, 179}},
      {"height follows", {640, 480}, {321, -1, kStretch, true}, {321, 241}},
      {"width follows", {1920, 1080}, {-1, 0.1, kStretch, true}, {192, 108}},
      {"a side that follows decides nothing in fit",
       {854, 480},
       {200, -1, ScaleType::Fit, true},
       {200, 112}},
      {"both follow", {640, 480}, {-1, -1, kStretch, true}, {640, 480}},
      {"a side left out is the source's", {640, 480}, {320, 0, kStretch, true}, {320, 480}},
      {"crop", {640, 480}, {100, 100, kCrop, true}, {100, 100}},
      {"fill", {640, 480}, {100, 100, kFill, true}, {100, 100}},
      {"fit, wide", {640, 480}, {100, 100, kFit, true}, {100, 75}},
      {"fit, high", {480, 640}, {100, 100, kFit, true}, {75, 100}},
      {"fit, enlarging", {4, 3}, {800, 800, kFit, true}, {800, 600}},
      {"fit with one side", {640, 480}, {320, 0, kFit, true}, {320, 240}},
      {"fit, extreme", {65535, 1}, {100, 100, kFit, true}, {100, 1}},
      {"fit, extreme, high", {1, 65535}, {100, 100, kFit, true}, {1, 100}},
      {"1x1", {1, 1}, {16383, 16383, kStretch, true}, {16383, 16383}},
      {"widest", {65535, 2}, {65535, 2, kStretch, true}, {65535, 2}},
      {"not larger: stretch", {64, 48}, {100, 20, kStretch, false}, {64, 20}},
      {"not larger: fit", {64, 48}, {100, 100, kFit, false}, {64, 48}},
      {"not larger: fit shrinks still", {64, 48}, {32, 100, kFit, false}, {32, 24}},
      {"not larger: crop keeps the shape", {64, 48}, {100, 100, kCrop, false}, {48, 48}},
      {"not larger: fill keeps the canvas", {64, 48}, {100, 100, kFill, false}, {100, 100}},
      {"not larger: follow", {64, 48}, {-1, 96, kStretch, false}, {64, 48}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.label);
    const auto canvas = canvas_for(row.source, row.request);
    REQUIRE(canvas.ok());
    CHECK(*canvas == row.canvas);
  }
}

TEST_CASE("a canvas above the limits is refused with its size") {
  const auto wide = canvas_for({4, 1}, {-1, 65535, ScaleType::Stretch, true});
  REQUIRE_FALSE(wide.ok());
  CHECK(wide.error().message.find("262140 x 65535") != std::string::npos);
  CHECK_FALSE(canvas_for({65535, 65535}, {}).ok());
  CHECK(canvas_for({65535, 4096}, {}).ok());
  CHECK_FALSE(canvas_for({2147483647, 1}, {0, -1, ScaleType::Fit, true}).ok());
}

TEST_CASE("a crop covers the canvas and cuts both ends evenly") {
  const Placement wide = placed({640, 480}, {100, 100}, ScaleType::Crop, true, {2, 2});
  CHECK(wide.dest == Rect{0, 0, 100, 100});
  CHECK(wide.part == Window{80, 0, 480, 480});
  const Placement high = placed({480, 640}, {100, 50}, ScaleType::Crop, true, {2, 2});
  CHECK(high.part == Window{0, 200, 480, 240});
}

TEST_CASE("a fill is centred and its bars end on the chroma grid") {
  struct Row {
    Size source;
    Size canvas;
    Size grid;
    Rect dest;
  };
  for (const Row& row : {
           Row{{640, 480}, {100, 100}, {1, 1}, {0, 12, 100, 75}},
           Row{{640, 480}, {100, 100}, {2, 2}, {0, 12, 100, 76}},
           Row{{300, 100}, {100, 100}, {1, 1}, {0, 33, 100, 33}},
           Row{{300, 100}, {101, 101}, {2, 2}, {0, 32, 101, 34}},
           Row{{100, 300}, {101, 101}, {2, 2}, {32, 0, 34, 101}},
           Row{{65535, 1}, {100, 100}, {2, 2}, {0, 48, 100, 2}},
           Row{{65535, 1}, {100, 1}, {2, 2}, {0, 0, 100, 1}},
           Row{{1, 1}, {1, 1}, {2, 2}, {0, 0, 1, 1}},
           Row{{1000, 333}, {100, 33}, {1, 1}, {0, 0, 100, 33}},
       }) {
    CAPTURE(row.source);
    CAPTURE(row.canvas);
    const Placement placement = placed(row.source, row.canvas, ScaleType::Fill, true, row.grid);
    CHECK(placement.dest.x == row.dest.x);
    CHECK(placement.dest.y == row.dest.y);
    CHECK(placement.dest.width == row.dest.width);
    CHECK(placement.dest.height == row.dest.height);
    CHECK(placement.part.width == row.source.width);
    CHECK(placement.part.height == row.source.height);
  }
}

TEST_CASE("a fill that may not enlarge keeps the picture's size") {
  const Placement small = placed({64, 48}, {100, 100}, ScaleType::Fill, false, {2, 2});
  CHECK(small.dest == Rect{18, 26, 64, 48});
}

TEST_CASE("a fitted picture takes the whole of its own canvas") {
  for (const Size source : {Size{640, 480}, Size{1000, 333}, Size{333, 1000}, Size{7, 5}}) {
    for (const int box : {1, 2, 3, 33, 100, 257, 1000}) {
      CAPTURE(source);
      CAPTURE(box);
      const FitRequest request = {box + 0.25, box + 0.25, ScaleType::Fit, true};
      const Size canvas = *canvas_for(source, request);
      CHECK(canvas.width <= box);
      CHECK(canvas.height <= box);
      CHECK(placed(source, canvas, ScaleType::Fit, true, {2, 2}).dest.size() == canvas);
    }
  }
}
