// SPDX-License-Identifier: LGPL-2.1-or-later
// From a change to a frame: what it draws, leaves alone and compresses.
#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_drawing.h"
#include "gst/core/lzw.h"
#include "tests/core/grey_canvas.h"

namespace {

using anim::GifChange;
using anim::GifDrawing;
using anim::GifFrame;
using anim::Rect;
using anim::Rgb;
using anim::test::change_to;
using anim::test::grey;
using anim::test::kSize;
using anim::test::kWhole;

/// The canvas draws frame by frame.
struct Canvas : anim::test::Canvas {
  double bytes = 0;  ///< of the latest frame

  GifFrame draw(GifChange change) {
    GifDrawing drawing = drawing_of(std::move(change));
    drawing.index();
    drawing.draw(*screen);
    bytes = drawing.bytes();
    return drawing.frame();
  }
};

}  // namespace

TEST_CASE("a frame of few colours has them, and its codes are those of its indices") {
  Canvas canvas;
  const GifFrame frame = canvas.draw(change_to(70, true));
  CHECK(frame.draws);
  CHECK(frame.picture.colors == std::vector<Rgb>{{70, 70, 70}});
  CHECK(frame.picture.rect == kWhole);
  std::vector<std::uint8_t> indices(static_cast<std::size_t>(kSize.area()));
  CHECK(frame.picture.codes == anim::lzw_compressed(indices, frame.picture.table_bits()));
  CHECK(canvas.screen->shown(5) == grey(70));
}

TEST_CASE("what is on screen and near enough is not drawn, with losses or without") {
  for (const unsigned lossy : {0U, 50U}) {
    CAPTURE(lossy);
    Canvas canvas{{.settings = {.lossy = lossy}}};
    (void)canvas.draw(change_to(70, false));
    CHECK_FALSE(canvas.draw(change_to(71, false)).draws);
    CHECK(canvas.screen->shown(0) == grey(70));
    GifChange half = change_to(71, false);
    for (std::size_t i = 0; i < half.pixels.size(); ++i) {
      if (i % 8 >= 6) half.pixels[i] = grey(200);
    }
    const GifFrame frame = canvas.draw(half);
    CHECK(frame.draws);
    CHECK(frame.picture.rect == Rect{6, 0, 2, 4});
    CHECK(frame.picture.has_transparent);
    CHECK(canvas.screen->shown(5) == grey(70));
    CHECK(canvas.screen->shown(6) == grey(200));
  }
}

TEST_CASE("a frame that clears the canvas is one, though it draws what was there") {
  Canvas canvas{{.settings = {.has_alpha = true}}};
  (void)canvas.draw(change_to(70, false));
  GifChange again = change_to(70, false);
  again.clears = true;
  const GifFrame frame = canvas.draw(again);
  CHECK(frame.draws);
  CHECK(frame.clears);
  CHECK(canvas.screen->shown(0) == grey(70));
}

TEST_CASE("the bytes of a frame are those that it adds to the file") {
  Canvas canvas{{.settings = {.lossy = 0}}};
  const auto writer = anim::GifWriter::create(kSize, 0);
  REQUIRE(writer);
  for (const unsigned level : {70U, 200U, 70U}) {  // the first one's table is the file's
    GifChange change = change_to(level, false);
    for (std::size_t i = 0; i < change.pixels.size(); i += 3) change.pixels[i] = grey(level + 9);
    const bool is_first = canvas.first == nullptr;
    const GifFrame frame = canvas.draw(change);
    REQUIRE(frame.draws);
    const auto bytes = (*writer)->picture(frame.picture, 8, anim::GifDisposal::Keep);
    REQUIRE(bytes);
    if (!is_first) CHECK(canvas.bytes == static_cast<double>(bytes->size()));
  }
  CHECK(canvas.bytes < 60);
}

TEST_CASE("a frame that draws nothing takes no bytes") {
  Canvas canvas;
  (void)canvas.draw(change_to(70, false));
  (void)canvas.draw(change_to(70, false));
  CHECK(canvas.bytes == 0);
}
