// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/picture_change.h"

using anim::ChannelView;
using anim::ColourGrid;
using anim::PictureView;
using anim::Size;

namespace {

/// Channels of one size that own their samples.
class Picture {
 public:
  Picture(PictureView::Model model, Size size, std::array<int, 3> colour) : size_(size) {
    view_.model = model;
    for (std::size_t i = 0; i < 3; ++i) {
      samples_.at(i).assign(static_cast<std::size_t>(size.width * size.height),
                            static_cast<std::uint8_t>(colour.at(i)));
      view_.colours.at(i) = ChannelView{samples_.at(i).data(), size.width, 1, size};
    }
  }
  void paint(std::size_t channel, int x, int y, int value) {
    samples_.at(channel).at(static_cast<std::size_t>(y * size_.width + x)) =
        static_cast<std::uint8_t>(value);
  }
  PictureView& view() { return view_; }
  [[nodiscard]] ColourGrid grid() const { return ColourGrid(view_); }

 private:
  Size size_;
  std::array<std::vector<std::uint8_t>, 3> samples_;
  PictureView view_;
};

constexpr auto kYuv = PictureView::Model::Yuv;
constexpr auto kRgb = PictureView::Model::Rgb;

double change(const Picture& a, const Picture& b) {
  return a.grid().change_from(b.grid());
}

}  // namespace

TEST_CASE("black to white is all, the same is nothing") {
  const Picture black(kRgb, {64, 48}, {0, 0, 0});
  const Picture white(kRgb, {64, 48}, {255, 255, 255});
  CHECK(change(black, white) == doctest::Approx(100).epsilon(1e-4));
  CHECK(change(white, white) == 0);
  CHECK(change(Picture(kYuv, {64, 48}, {16, 128, 128}), Picture(kYuv, {64, 48}, {235, 128, 128})) ==
        doctest::Approx(100).epsilon(1e-4));
}

TEST_CASE("RGB and YUV of either range measure the same") {
  // 75 % red and green of BT.601.
  const double rgb =
      change(Picture(kRgb, {32, 32}, {191, 0, 0}), Picture(kRgb, {32, 32}, {0, 191, 0}));
  const double yuv =
      change(Picture(kYuv, {32, 32}, {65, 100, 212}), Picture(kYuv, {32, 32}, {112, 72, 58}));
  Picture full_red(kYuv, {32, 32}, {57, 96, 223});
  Picture full_green(kYuv, {32, 32}, {112, 65, 48});
  full_red.view().is_full_range = full_green.view().is_full_range = true;
  CHECK(rgb == doctest::Approx(yuv).epsilon(0.02));
  CHECK(rgb == doctest::Approx(change(full_red, full_green)).epsilon(0.02));
}

TEST_CASE("a colour of the same luma is a change") {
  CHECK(change(Picture(kYuv, {32, 32}, {100, 60, 128}), Picture(kYuv, {32, 32}, {100, 180, 128})) >
        50);
}

TEST_CASE("half of the picture is half of the change") {
  const Picture black(kYuv, {32, 32}, {16, 128, 128});
  Picture half(kYuv, {32, 32}, {16, 128, 128});
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 32; ++x) half.paint(0, x, y, 235);
  }
  CHECK(change(black, half) == doctest::Approx(50).epsilon(1e-4));
}

TEST_CASE("noise is hardly a change, and a moved detail neither") {
  const Size size{320, 240};
  Picture a(kYuv, size, {100, 128, 128});
  Picture b(kYuv, size, {100, 128, 128});
  std::uint32_t state = 1;
  const auto noise = [&state] {
    state = state * 1664525 + 1013904223;
    return static_cast<int>(state >> 24) % 41 - 20;
  };
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      a.paint(0, x, y, 100 + noise());
      b.paint(0, x, y, 100 + noise());
    }
  }
  CHECK(change(a, b) < 1);
  for (int y = 0; y < 15; ++y) {
    for (int x = 0; x < 20; ++x) b.paint(0, x, y, 235);
  }
  CHECK(change(a, b) < 1.5);
}

TEST_CASE("any size will do, and alpha counts") {
  Picture small(kYuv, {1, 1}, {16, 128, 128});
  const Picture large(kYuv, {17, 333}, {235, 128, 128});
  CHECK(change(small, large) == doctest::Approx(100).epsilon(1e-4));
  Picture clear(kYuv, {1, 1}, {16, 128, 128});
  const std::uint8_t none = 0;
  clear.view().alpha = ChannelView{&none, 1, 1, {1, 1}};
  CHECK(change(small, clear) == doctest::Approx(100).epsilon(1e-4));
}

TEST_CASE("grey has luma alone, and samples may lie apart") {
  const std::vector<std::uint8_t> packed = {16, 9, 9, 9, 16, 9, 9, 9};
  PictureView apart;
  apart.colours[0] = ChannelView{packed.data(), 8, 4, {2, 1}};
  const std::vector<std::uint8_t> plain = {16, 16};
  PictureView grey;
  grey.colours[0] = ChannelView{plain.data(), 2, 1, {2, 1}};
  CHECK(ColourGrid(apart).change_from(ColourGrid(grey)) == 0);
}
