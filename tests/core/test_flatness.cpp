// SPDX-License-Identifier: LGPL-2.1-or-later
// What tells drawn pictures from those of cameras.
#include <algorithm>
#include <cstring>
#include <random>

#include <doctest/doctest.h>

#include "gst/core/flatness.h"
#include "tests/support/drawn_pictures.h"

namespace {

using anim::Image;
using anim::PixelFormat;
using anim::Size;

constexpr Size kSize{64, 48};

Image flat(PixelFormat format, std::uint8_t level, Size size = kSize) {
  Image picture(format, size);
  for (int plane = 0; plane < plane_count(format); ++plane) {
    std::fill_n(picture.plane(plane), plane_bytes(format, size, plane).area(), level);
  }
  return picture;
}

/// Every sample strays by up to `levels`.
Image noisy(PixelFormat format, int levels) {
  std::mt19937 random(1);
  Image picture = flat(format, 128);
  for (std::int64_t i = 0; i < plane_bytes(format, kSize, 0).area(); ++i) {
    picture.plane(0)[i] += static_cast<std::uint8_t>(random() % (levels + 1));
  }
  return picture;
}

/// Stripes one pixel wide in two colours, 0xRRGGBB.
Image striped(std::uint32_t one, std::uint32_t other) {
  Image picture(PixelFormat::Bgra, kSize);
  for (std::ptrdiff_t i = 0; i < kSize.area(); ++i) {
    const std::uint32_t pixel = 0xFF000000 | (i % 2 == 0 ? one : other);
    std::memcpy(picture.plane(0) + 4 * i, &pixel, 4);
  }
  return picture;
}

}  // namespace

TEST_CASE("a flat picture is flat, noise is not") {
  for (const auto format : {PixelFormat::I420, PixelFormat::A420, PixelFormat::Bgra}) {
    CHECK(flat_share(flat(format, 90).view()) == 1);
    CHECK(flat_share(noisy(format, 8).view()) < 0.1);
    CHECK(flat_share(flat(format, 90, {1, 50}).view()) == 0);
    CHECK(flat_share(flat(format, 90, {50, 1}).view()) == 0);
  }
}

TEST_CASE("half a page of noise is half flat") {
  Image picture = noisy(PixelFormat::I420, 60);
  picture.replace({0, 0, 64, 24}, flat(PixelFormat::I420, 90, {64, 24}).view());
  CHECK(flat_share(picture.view()) == doctest::Approx(0.5).epsilon(0.05));
}

TEST_CASE("edges are counted row by row") {
  CHECK(count_edges(flat(PixelFormat::Bgra, 90).view()) == 0);
  CHECK(count_edges(flat(PixelFormat::Bgra, 90, {1, 50}).view()) == 0);
  CHECK(count_edges(striped(0xFF0000, 0x00FF00).view()) == kSize.height * (kSize.width - 1));
  const Image picture = striped(0xFF0000, 0x00FF00);
  CHECK(count_edges(cropped(picture.view(), {2, 2, 5, 3})) == 3 * 4);
}

TEST_CASE("prints tell new pictures from noise") {
  for (const auto format : {PixelFormat::I420, PixelFormat::Bgra}) {
    const auto print = thumbprint(flat(format, 130).view());
    CHECK(print.size() == 64 * 6);
    CHECK(anim::changed_share(print, thumbprint(noisy(format, 8).view())) == 0);
    CHECK(anim::changed_share(print, thumbprint(flat(format, 139).view())) == 1);
    CHECK(anim::changed_share(print, {}) == 1);
  }
}

TEST_CASE("halved chroma ruins fine detail in colours, not in grey") {
  CHECK(share_ruined_by_halving(flat(PixelFormat::Bgra, 255).view()) == 0);
  CHECK(share_ruined_by_halving(striped(0, 0xFFFFFF).view()) == 0);
  CHECK(share_ruined_by_halving(striped(0xF92672, 0x66D9EF).view()) > 0.9);
}

TEST_CASE("the edges of a page are clean until something leaves traces beside them") {
  constexpr Size kPage{240, 180};
  const Image page = drawn_pictures::page(kPage);
  CHECK(clean_edge_share(page.view(), page.view()) > 0.9);
  Image traced(page.view());
  std::mt19937 random(1);
  for (std::int64_t i = 0; i < 4 * kPage.area(); ++i) {
    if (i % 4 != 3) traced.plane(0)[i] -= static_cast<std::uint8_t>(random() % 3);
  }
  CHECK(clean_edge_share(traced.view(), traced.view()) < 0.1);
}

TEST_CASE("edges count where something changes beside them") {
  constexpr Size kPage{240, 180};
  const Image page = drawn_pictures::page(kPage);
  Image changes(PixelFormat::Bgra, kPage);
  CHECK(clean_edge_share(page.view(), changes.view()) == 0);
  const anim::Rect part = {20, 40, 100, 60};
  changes.replace(part, cropped(page.view(), part));
  CHECK(clean_edge_share(page.view(), changes.view()) > 0.9);
}

TEST_CASE("where there are hardly any edges, they tell nothing") {
  const Image blank = flat(PixelFormat::Bgra, 90);
  const Image dot = flat(PixelFormat::Bgra, 90, {1, 1});
  CHECK(clean_edge_share(blank.view(), blank.view()) == 0);
  CHECK(clean_edge_share(dot.view(), dot.view()) == 0);
  Image one = flat(PixelFormat::Bgra, 90);
  drawn_pictures::set(one, 20, 20, 0xFF000000);
  CHECK(clean_edge_share(one.view(), one.view()) == 0);
}
