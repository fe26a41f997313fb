// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures of all kinds, read by libwebp.
#include <algorithm>
#include <cstdlib>
#include <random>
#include <vector>

#include <doctest/doctest.h>
#include <webp/decode.h>

#include "gst/core/vp8l/picture.h"
#include "gst/core/webp_container.h"
#include "gst/core/webp_lossless.h"

using anim::Bytes;
using anim::Image;
using anim::PixelFormat;
using anim::Size;

namespace {

template <class Color>
Image picture_of(Size size, Color color) {
  Image picture(PixelFormat::Bgra, size);
  auto* to = picture.plane(0);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const auto word = static_cast<std::uint32_t>(color(x, y));
      for (int shift = 0; shift < 32; shift += 8) *to++ = static_cast<std::uint8_t>(word >> shift);
    }
  }
  return picture;
}

Bytes stream_of(const Image& picture) {
  return anim::vp8l::encode_picture(picture.view()).value();
}

Bytes file_of(const Bytes& stream) {
  const Bytes chunk = anim::webp_chunk("VP8L", stream);
  Bytes file = {'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'E', 'B', 'P'};
  file.insert(file.end(), chunk.begin(), chunk.end());
  for (std::size_t i = 0; i < 4; ++i) {
    file[4 + i] = static_cast<std::uint8_t>((file.size() - 8) >> (8 * i));
  }
  return file;
}

/// How far at most a channel of `stream`, read by libwebp, is from `picture`'s; 256 when it is no
/// such picture.
int error_of(const Bytes& stream, const Image& picture) {
  const Bytes file = file_of(stream);
  int width = 0;
  int height = 0;
  std::uint8_t* bgra = WebPDecodeBGRA(file.data(), file.size(), &width, &height);
  if (bgra == nullptr) return 256;
  int error = Size{width, height} == picture.size() ? 0 : 256;
  const std::uint8_t* wanted = picture.view().row(0, 0).data();
  for (std::int64_t i = 0; error < 256 && i < picture.size().area() * 4; ++i) {
    error = std::max(error, std::abs(bgra[i] - wanted[i]));
  }
  WebPFree(bgra);
  return error;
}

bool comes_back(const Image& picture) {
  return error_of(stream_of(picture), picture) == 0;
}

/// Letters of an alphabet drawn at random, again and again, before a slope.
Image page(Size size, bool has_alpha) {
  std::mt19937 random(5);
  std::vector<std::uint32_t> letters(20 * 64);
  for (std::uint32_t& pixel : letters) pixel = random() % 3 == 0 ? random() % 1000 * 0x010205 : 0;
  std::vector<std::size_t> text(10'000);
  for (std::size_t& letter : text) letter = random() % 20;
  return picture_of(size, [&](int x, int y) {
    const std::size_t letter = text[static_cast<std::size_t>(y / 8 * 100 + x / 8)];
    const auto inside = static_cast<std::size_t>(y % 8 * 8 + x % 8);
    const std::uint32_t ink = letters[letter * 64 + inside];
    const auto slope = static_cast<std::uint32_t>(x / 4) << 8 | static_cast<std::uint32_t>(y / 3);
    if (has_alpha && ink == 0) return std::uint32_t{0};
    return 0xFF000000U | (ink != 0 ? ink & 0xFFFFFF : slope);
  });
}

}  // namespace

TEST_CASE("pictures of every number of colours come back") {
  for (const std::uint32_t colors : {1U, 2U, 3U, 4U, 5U, 16U, 17U, 255U, 256U, 257U, 5000U}) {
    std::mt19937 random(colors);
    CHECK(comes_back(picture_of({67, 45}, [&](int x, int) {
      return x < 30 ? 0xFF000000U : 0xFF000000U | (random() % colors * 1'234'567 & 0xFFFFFF);
    })));
  }
}

TEST_CASE("pictures of every size come back") {
  for (const Size size : {Size{1, 1}, {1, 300}, {300, 1}, {2, 2}, {31, 33}, {32, 32}, {129, 64}}) {
    std::mt19937 random(1);
    CHECK(comes_back(picture_of(size, [&](int, int) { return random(); })));
    CHECK(
        comes_back(picture_of(size, [&](int x, int y) { return 0xFF000000U + x * 3 + y * 512; })));
    CHECK(comes_back(picture_of(size, [&](int, int) { return 0xFF808080U; })));
  }
}

TEST_CASE("a picture comes back that repeats itself farther away than can be said") {
  CHECK(comes_back(picture_of({1500, 1500}, [](int x, int y) {
    const auto place = static_cast<std::uint32_t>(y % 750 * 1500 + x);
    return 0xFF000000U | (place * 2'654'435'761U >> 8);
  })));
}

TEST_CASE("alpha comes back") {
  CHECK(comes_back(page({200, 150}, true)));
  CHECK(comes_back(picture_of({64, 64}, [](int x, int y) {
    return static_cast<std::uint32_t>(x * 4) << 24 | static_cast<std::uint32_t>(y * 3);
  })));
}

TEST_CASE("plain pictures that are larger than the longest copy are small") {
  const Image plain =
      picture_of({400, 300}, [](int x, int y) { return x + y < 5 ? 1U << 31 : ~0U; });
  CHECK(comes_back(plain));
  CHECK(stream_of(plain).size() < 60);
}

TEST_CASE("a page is nearly as small as with a higher effort of libwebp") {
  for (const bool has_alpha : {false, true}) {
    Image picture = page({480, 300}, has_alpha);
    CHECK(comes_back(picture));
    const std::size_t own = stream_of(picture).size();
    const auto theirs = anim::lossless_chunk(picture, {.effort = 75, .method = 2});
    CHECK(static_cast<double>(own) < 1.1 * static_cast<double>(theirs->size()));
  }
}

TEST_CASE("a grey slope with noise is differences, though its colours are few") {
  std::mt19937 random(2);
  Image grey = picture_of({200, 200}, [&](int x, int y) {
    return 0xFF000000U | (static_cast<std::uint32_t>(x + y) / 2 + random() % 4) * 0x010101;
  });
  CHECK(comes_back(grey));
  CHECK(stream_of(grey).size() < 200 * 200 / 2);  // three bits a pixel, and not seven
}

TEST_CASE("the same picture gives the same bytes") {
  CHECK(stream_of(page({120, 90}, false)) == stream_of(page({120, 90}, false)));
}

TEST_CASE("a side that the format cannot say is refused") {
  const Image wide = picture_of({anim::vp8l::kLongestSide, 1}, [](int x, int) { return x; });
  CHECK(comes_back(wide));
  const Image wider = picture_of({anim::vp8l::kLongestSide + 1, 1}, [](int x, int) { return x; });
  const auto refused = anim::vp8l::encode_picture(wider.view());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == anim::ErrorCode::LimitExceeded);
}

TEST_CASE("small losses make fewer bytes, of pictures of many colours alone") {
  std::mt19937 random(5);
  const Image film = picture_of({70, 50}, [&](int x, int y) {
    return 0xFF000000U | static_cast<std::uint32_t>(x * 3) << 8 | static_cast<std::uint32_t>(y) |
           random() % 16 << 16;
  });
  std::size_t last = stream_of(film).size();
  for (const auto& [level, error] : {std::pair{60, 2}, {20, 8}}) {
    const Bytes stream = anim::vp8l::encode_nearly(film.view(), film.view(), level).value();
    CHECK(error_of(stream, film) > 0);
    CHECK(error_of(stream, film) <= error);
    CHECK(stream.size() < last);
    last = stream.size();
  }
  const Image drawing =
      picture_of({70, 50}, [&](int, int) { return 0xFF000000U | random() % 5 * 0x313131U; });
  CHECK(anim::vp8l::encode_nearly(drawing.view(), drawing.view(), 0).value() == stream_of(drawing));
}

TEST_CASE("what is even around holes stays so") {
  std::mt19937 random(5);
  const Image whole = picture_of(
      {70, 50}, [&](int x, int) { return x < 40 ? 0xFF000000U | random() : 0xFF654321U; });
  Image laid_over(whole.view());
  auto* words = reinterpret_cast<std::uint32_t*>(laid_over.plane(0));
  for (std::size_t i = 0; i < 70 * 50; i += 3) words[i] = 0;
  const auto stream = anim::vp8l::encode_nearly(laid_over.view(), whole.view(), 20).value();
  const Bytes file = file_of(stream);
  int width = 0;
  int height = 0;
  std::uint8_t* bgra = WebPDecodeBGRA(file.data(), file.size(), &width, &height);
  REQUIRE(bgra != nullptr);
  int changed = 0;
  for (std::size_t i = 0; i < 70 * 50; ++i) {
    const bool is_same = std::equal(bgra + 4 * i, bgra + 4 * i + 4, laid_over.plane(0) + 4 * i);
    const bool is_even = i % 70 > 44;  // what is beside noise is rounded, and a little further
    if (is_even && words[i] != 0) REQUIRE(is_same);
    changed += is_same ? 0 : 1;
  }
  WebPFree(bgra);
  CHECK(changed > 1000);
}
