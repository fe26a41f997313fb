// SPDX-License-Identifier: LGPL-2.1-or-later
// What is refined of what stays, and for how many bytes.
#include <cmath>
#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_frame_job.h"
#include "tests/core/grey_canvas.h"

namespace {

using anim::GifChange;
using anim::GifFrame;
using anim::GifFrameJob;
using anim::GifScreen;
using anim::Size;
using anim::test::change_to;
using anim::test::grey;
using anim::test::kSize;

/// The canvas draws frame by frame.
struct Canvas : anim::test::Canvas {
  GifFrame draw(GifChange change) {
    GifFrameJob job(drawing_of(std::move(change)), screen);
    job.prepare();
    job.draw();
    return job.frame();
  }
};

}  // namespace

namespace {

constexpr Size kLarge{128, 64};  // 512 blocks

/// A canvas with a picture of more colours than a table has, and what refines it.
struct Still {
  Canvas canvas;
  double first_bytes = 0;
  GifChange refining;

  explicit Still(unsigned lossy) {
    canvas = {{.settings = {.lossy = lossy}, .screen = std::make_shared<GifScreen>(kLarge)}};
    GifChange whole;
    whole.rect = {0, 0, kLarge.width, kLarge.height};
    for (unsigned i = 0; i < static_cast<unsigned>(kLarge.area()); ++i) {
      const unsigned x = i % 128;
      const unsigned y = i / 128;
      whole.pixels.push_back(0xFF000000U | (x + i * 7919 % 13) << 17 | (y * 3 + x) % 250 << 8 |
                             y << 1);
    }
    whole.dwells.assign(whole.pixels.size(), anim::kLongestDwell);
    refining.rect = {0, 0, 1, 1};
    refining.pixels = {0};
    refining.dwells = {1};
    refining.stays = whole.pixels;
    first_bytes = bytes_of(canvas.draw(std::move(whole)));
  }

  static double bytes_of(const GifFrame& frame) {
    const double table = 3 << frame.picture.table_bits();
    const auto codes = static_cast<double>(frame.picture.codes.size());
    return 8 + 10 + table + 1 + codes + std::ceil(codes / 255) + 1;
  }

  /// Mean squared distance of the screen from the picture.
  [[nodiscard]] double error() const {
    double sum = 0;
    for (std::size_t i = 0; i < refining.stays.size(); ++i) {
      sum += anim::color_distance(anim::rgb_of(canvas.screen->shown(i)),
                                  anim::rgb_of(refining.stays[i]));
    }
    return sum / static_cast<double>(refining.stays.size());
  }
};

}  // namespace

TEST_CASE(
    "a still is brought nearer to its picture, each time for an eighth of its bytes at most") {
  for (const unsigned lossy : {0U, 25U}) {
    CAPTURE(lossy);
    Still still(lossy);
    for (const int more : {1, 0}) {
      CAPTURE(more);
      const double before = still.error();
      still.refining.more_refine = more;
      const GifFrame frame = still.canvas.draw(still.refining);
      REQUIRE(frame.draws);
      CHECK(frame.picture.has_transparent);
      CHECK(Still::bytes_of(frame) <= still.first_bytes / 8);
      CHECK(Still::bytes_of(frame) > still.first_bytes / 12);
      CHECK(still.error() < 0.98 * before);
    }
  }
}

TEST_CASE("a still of which an eighth of the bytes buys nothing stays as it is") {
  Canvas canvas;
  (void)canvas.draw(change_to(70, false));  // in some thirty bytes
  GifChange nothing;
  nothing.rect = {0, 0, 1, 1};
  nothing.pixels = {0};
  nothing.dwells = {1};
  nothing.stays.assign(static_cast<std::size_t>(kSize.area()), grey(90));
  CHECK_FALSE(canvas.draw(nothing).draws);
  CHECK(canvas.screen->shown(0) == grey(70));
}

TEST_CASE("a frame that changes a part also draws what the screen shows worst beside it") {
  Still still(0);
  GifChange change = still.refining;
  change.rect = {2, 3, 1, 1};
  change.pixels = {grey(90)};
  change.stays[3 * kLarge.width + 2] = 0;
  for (int y = 32; y < 40; ++y) {
    for (int x = 64; x < 72; ++x) change.stays[y * kLarge.width + x] = grey(1);
  }
  const GifFrame frame = still.canvas.draw(change);
  CHECK(frame.draws);
  CHECK(anim::rgb_of(still.canvas.screen->shown(3 * kLarge.width + 2)).r > 80);
  CHECK(anim::rgb_of(still.canvas.screen->shown(36 * kLarge.width + 68)).r < 10);
}
