// SPDX-License-Identifier: LGPL-2.1-or-later
// Exact changes on small pictures with marks.
#include <cstring>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/exact_changes.h"

namespace {

using anim::ExactChange;
using anim::ExactChanges;
using anim::Image;
using anim::PixelFormat;
using anim::Rect;
using anim::Size;

constexpr Size kSize{20, 10};
constexpr std::uint32_t kGrey = 0xFF808080;

void set(Image& picture, int x, int y, std::uint32_t argb) {
  std::memcpy(picture.plane(0) + y * picture.view().stride[0] + 4 * std::ptrdiff_t{x}, &argb, 4);
}

std::uint32_t get(const Image& picture, int x, int y) {
  std::uint32_t argb = 0;
  std::memcpy(&argb, picture.view().row(0, y).data() + 4 * static_cast<std::ptrdiff_t>(x), 4);
  return argb;
}

Image flat(std::uint32_t argb) {
  Image picture(PixelFormat::Bgra, kSize);
  for (int y = 0; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x) set(picture, x, y, argb);
  }
  return picture;
}

/// The change to `picture`, which is shown then.
ExactChange update(ExactChanges& changes, const Image& picture) {
  ExactChange change = changes.change_to(picture.view());
  changes.show(change);
  return change;
}

}  // namespace

TEST_CASE("the first picture is whole, the same one is no change") {
  ExactChanges changes;
  const ExactChange first = update(changes, flat(kGrey));
  CHECK(first.area == Rect{0, 0, 20, 10});
  CHECK(get(first.whole, 19, 9) == kGrey);
  CHECK(first.overlay.is_empty());
  CHECK(update(changes, flat(kGrey)).area.is_empty());
}

TEST_CASE("what was forgotten changes, whatever comes") {
  ExactChanges changes;
  (void)update(changes, flat(kGrey));
  changes.forget({4, 2, 3, 5});
  CHECK(changes.change_to(flat(kGrey).view()).area == Rect{4, 2, 3, 5});
  CHECK(update(changes, flat(0)).area == Rect{0, 0, 20, 10});
  changes.forget({0, 0, 20, 10});
  CHECK(update(changes, flat(0)).area == Rect{0, 0, 20, 10});
  CHECK(update(changes, flat(0)).area.is_empty());
}

TEST_CASE("the rectangle is tight but for its even corner") {
  struct Case {
    const char* label;
    int x1, y1, x2, y2;
    Rect area;
  };
  const Case cases[] = {
      {"even", 4, 2, 7, 5, {4, 2, 4, 4}},
      {"odd", 5, 3, 6, 3, {4, 2, 3, 2}},
      {"one pixel", 19, 9, 19, 9, {18, 8, 2, 2}},
      {"corners", 0, 0, 19, 9, {0, 0, 20, 10}},
      {"the lower one is further left", 11, 1, 3, 8, {2, 0, 10, 9}},
  };
  for (const Case& row : cases) {
    CAPTURE(row.label);
    ExactChanges changes;
    (void)update(changes, flat(kGrey));
    Image marked = flat(kGrey);
    set(marked, row.x1, row.y1, 0xFF112233);
    set(marked, row.x2, row.y2, 0xFF112233);
    CHECK(update(changes, marked).area == row.area);
    CHECK(update(changes, marked).area.is_empty());
  }
}

TEST_CASE("an overlay holds what changes alone") {
  ExactChanges changes;
  (void)update(changes, flat(kGrey));
  Image marked = flat(kGrey);
  set(marked, 4, 2, 0xFF112233);
  set(marked, 6, 3, 0xFF445566);
  const ExactChange change = update(changes, marked);
  REQUIRE_FALSE(change.overlay.is_empty());
  CHECK(get(change.overlay, 0, 0) == 0xFF112233);
  CHECK(get(change.overlay, 1, 0) == 0);
  CHECK(get(change.overlay, 2, 1) == 0xFF445566);
  CHECK(get(change.whole, 1, 0) == kGrey);
}

TEST_CASE("what becomes less opaque is replaced, not laid over") {
  ExactChanges changes;
  (void)update(changes, flat(kGrey));
  Image marked = flat(kGrey);
  set(marked, 4, 2, 0xFF112233);
  set(marked, 6, 2, 0x80112233);
  CHECK(update(changes, marked).overlay.is_empty());
  // What is half transparent and stays so is no obstacle.
  set(marked, 4, 2, kGrey);
  set(marked, 8, 2, kGrey + 1);
  const ExactChange change = update(changes, marked);
  CHECK(change.area == Rect{4, 2, 5, 1});
  REQUIRE_FALSE(change.overlay.is_empty());
  CHECK(get(change.overlay, 2, 0) == 0);
  CHECK(get(change.whole, 2, 0) == 0x80112233);
}

TEST_CASE("where everything changes there is no overlay") {
  ExactChanges changes;
  (void)update(changes, flat(kGrey));
  CHECK(update(changes, flat(0xFF000000)).overlay.is_empty());
}

TEST_CASE("a hidden pixel's colour does not count") {
  ExactChanges changes;
  (void)update(changes, flat(0x00123456));
  CHECK(update(changes, flat(0x00654321)).area.is_empty());
}

TEST_CASE("laying over or replacing gives each picture of a random walk") {
  std::mt19937 random(5);
  ExactChanges changes;
  Image source = flat(kGrey);
  Image shown(PixelFormat::Bgra, kSize);
  for (int step = 0; step < 200; ++step) {
    for (unsigned i = random() % 5; i > 0; --i) {
      const std::uint32_t alpha = random() % 8 == 0 ? random() % 3 * 100 : 255;
      const std::uint32_t colour = alpha == 0 ? 0 : random() % 3;
      set(source, static_cast<int>(random() % 20), static_cast<int>(random() % 10),
          alpha << 24 | colour);
    }
    const ExactChange change = update(changes, source);
    const bool blends = !change.overlay.is_empty();
    for (int y = 0; y < change.area.height; ++y) {
      for (int x = 0; x < change.area.width; ++x) {
        const std::uint32_t pixel = get(blends ? change.overlay : change.whole, x, y);
        if (!blends || pixel != 0) set(shown, change.area.x + x, change.area.y + y, pixel);
      }
    }
    CHECK(same_pixels(shown.view(), source.view()));
  }
}
