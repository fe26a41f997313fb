// SPDX-License-Identifier: LGPL-2.1-or-later
// What giflib reads of a picture that was compressed with loss, against what was to be shown.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif.h"
#include "gst/core/lossy_match.h"
#include "gst/core/lzw.h"
#include "tests/support/gif_reader.h"

namespace {

using anim::Argb;
using anim::Bytes;
using anim::LossyMatching;
using anim::Rgb;

constexpr int kWidth = 120;
constexpr int kHeight = 80;
constexpr Rgb kHole = {0, 0, 0};

/// Grey levels 0, 2, 4, … 254.
std::vector<Rgb> greys() {
  std::vector<Rgb> out;
  for (int level = 0; level < 256; level += 2) {
    const auto grey = static_cast<std::uint8_t>(level);
    out.push_back({grey, grey, grey});
  }
  return out;
}

struct Picture {
  std::vector<Rgb> colors = greys();
  std::vector<Argb> pixels;
  std::vector<std::uint8_t> indices;
  std::vector<std::uint8_t> dwells = std::vector<std::uint8_t>(kWidth * kHeight, 1);
  std::vector<Argb> behind = std::vector<Argb>(kWidth * kHeight, 0);  ///< what holes show

  /// A ramp with noise and, where asked for, holes.
  explicit Picture(bool has_holes = false) {
    std::mt19937 random(4);
    for (int i = 0; i < kWidth * kHeight; ++i) {
      const int level = 40 + i % kWidth + static_cast<int>(random() % 7);
      const auto grey = static_cast<std::uint8_t>(level);
      const bool is_hole = has_holes && random() % 6 == 0;
      pixels.push_back(is_hole ? 0 : anim::opaque({grey, grey, grey}));
      indices.push_back(is_hole ? static_cast<std::uint8_t>(colors.size())
                                : static_cast<std::uint8_t>(level / 2));
    }
  }

  [[nodiscard]] Bytes codes(double largest_error) const {
    std::vector<std::uint8_t> shown = indices;
    return codes(largest_error, shown);
  }

  /// `shown` become the indices that the bytes show.
  [[nodiscard]] Bytes codes(double largest_error, std::vector<std::uint8_t>& shown) const {
    const auto allowed =
        anim::allowed_losses(anim::busyness(pixels, kWidth), dwells, largest_error);
    return anim::lzw_compressed(
        shown, 8, {.colors = colors, .pixels = pixels, .shown = behind, .allowed = allowed});
  }

  /// What a viewer shows of `codes`; holes show kHole.
  [[nodiscard]] std::vector<Rgb> shown(Bytes codes) const {
    anim::GifPicture picture;
    picture.rect = {0, 0, kWidth, kHeight};
    picture.colors = colors;
    picture.colors.resize(255, {255, 0, 0});
    picture.colors[colors.size()] = kHole;
    picture.has_transparent = false;
    picture.codes = std::move(codes);
    auto writer = anim::GifWriter::create(picture.rect.size(), 0).value();
    Bytes out;
    for (const auto& part :
         {writer->header(), writer->picture(picture, 10, anim::GifDisposal::Keep),
          writer->trailer()}) {
      out.insert(out.end(), part.value().begin(), part.value().end());
    }
    std::vector<Rgb> read;
    const auto gif = anim::test::read_gif(out);
    for (const Argb pixel : gif.frames.at(0).canvas) {
      read.push_back(anim::rgb_of(pixel));
    }
    return read;
  }
};

/// Of grey levels.
int error_at(const Picture& picture, const std::vector<Rgb>& shown, std::size_t i) {
  return std::abs(shown[i].g - anim::rgb_of(picture.pixels[i]).g);
}

int largest_error(const Picture& picture, const std::vector<Rgb>& shown) {
  int most = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (anim::alpha_of(picture.pixels[i]) != 0) most = std::max(most, error_at(picture, shown, i));
  }
  return most;
}

}  // namespace

TEST_CASE("without an allowed error every index stays") {
  const Picture picture;
  CHECK(picture.codes(0) == anim::lzw_compressed(picture.indices, 8));
}

TEST_CASE("more allowed error makes fewer bytes, and errors within what is allowed") {
  const Picture picture;
  std::size_t last = anim::lzw_compressed(picture.indices, 8).size();
  for (const double allowed : {2.0, 4.0, 8.0}) {
    CAPTURE(allowed);
    const Bytes codes = picture.codes(allowed);
    CHECK(codes.size() < last * 0.95);
    last = codes.size();
    const int most = largest_error(picture, picture.shown(codes));
    CHECK(most > allowed);  // for it is busy
    // Neighbours differ by up to six levels of noise and a step of one.
    CHECK(most <= allowed * std::sqrt(1 + 0.45 * 7) + 1);
  }
}

TEST_CASE("what stands for nine pictures may be off by a third") {
  Picture picture;
  const std::size_t half = picture.pixels.size() / 2;
  std::fill(picture.dwells.begin() + static_cast<std::ptrdiff_t>(half), picture.dwells.end(), 9);
  const auto shown = picture.shown(picture.codes(12));
  int once = 0;
  int nine_times = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    int& most = i < half ? once : nine_times;
    most = std::max(most, error_at(picture, shown, i));
  }
  CHECK(once > nine_times + 2);
  CHECK(nine_times > 2);
  CHECK(nine_times <= 4 * std::sqrt(1 + 0.45 * 7) + 1);
}

TEST_CASE("errors do not drift: the mean stays") {
  const Picture picture;
  const auto shown = picture.shown(picture.codes(6));
  double sum = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    sum += shown[i].g - (anim::rgb_of(picture.pixels[i]).g & ~1);
  }
  CHECK(std::abs(sum / static_cast<double>(shown.size())) < 1);
}

TEST_CASE("the indices become those that the bytes show") {
  const Picture picture(true);
  std::vector<std::uint8_t> indices = picture.indices;
  const Bytes codes = picture.codes(6, indices);
  CHECK(indices != picture.indices);
  const auto shown = picture.shown(codes);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const bool is_hole = indices[i] == picture.colors.size();
    REQUIRE(shown[i] == (is_hole ? kHole : picture.colors[indices[i]]));
  }
}

TEST_CASE("nothing becomes a hole where nothing is behind, and nothing transparent is drawn") {
  const Picture picture(true);
  const auto shown = picture.shown(picture.codes(50));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    REQUIRE((shown[i] == kHole) == (anim::alpha_of(picture.pixels[i]) == 0));
  }
}

TEST_CASE("a hole and a colour may stand for each other where both show the pixel well enough") {
  Picture picture;
  // What is behind differs by 2 levels in odd columns, by far too much in the last ones; every
  // fourth pixel is left alone before.
  const auto hole = static_cast<std::uint8_t>(picture.colors.size());
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    const int far = i % kWidth < kWidth / 2 ? 2 : 90;
    const auto level =
        static_cast<std::uint8_t>(anim::rgb_of(picture.pixels[i]).g + (i % 2 == 0 ? 0 : far));
    picture.behind[i] = anim::opaque({level, level, level});
    if (i % 4 == 0) picture.indices[i] = hole;
  }
  std::vector<std::uint8_t> indices = picture.indices;
  const Bytes codes = picture.codes(6, indices);
  int left_alone = 0;
  int drawn = 0;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const bool is_near = i % 2 == 0 || i % kWidth < kWidth / 2;
    if (indices[i] == hole) REQUIRE(is_near);
    if (indices[i] != picture.indices[i] && indices[i] != hole) {
      const int error = picture.colors[indices[i]].g - anim::rgb_of(picture.pixels[i]).g;
      REQUIRE(std::abs(error) <= 6 * std::sqrt(1 + 0.45 * 7) + 1);
    }
    left_alone += indices[i] == hole && picture.indices[i] != hole;
    drawn += indices[i] != hole && picture.indices[i] == hole;
  }
  CHECK(left_alone > 100);
  CHECK(drawn > 100);
  Picture alone = picture;
  std::fill(alone.behind.begin(), alone.behind.end(), 0);
  for (std::size_t i = 0; i < alone.pixels.size(); i += 4) alone.pixels[i] = 0;
  CHECK(codes.size() < 0.97 * alone.codes(6).size());
}

TEST_CASE("colours that differ in hue alone are told apart") {
  Picture picture;
  picture.colors = {{200, 60, 60}, {60, 129, 60}, {90, 90, 200}};  // of about the same luma
  std::mt19937 random(2);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    picture.indices[i] = static_cast<std::uint8_t>(random() % 3);
    picture.pixels[i] = anim::opaque(picture.colors[picture.indices[i]]);
  }
  picture.colors.resize(8);
  CHECK(picture.codes(3) == anim::lzw_compressed(picture.indices, 8));
}

TEST_CASE("the same picture gives the same bytes, whatever came before") {
  const Picture picture;
  const Bytes first = picture.codes(5);
  static_cast<void>(Picture(true).codes(9));
  CHECK(picture.codes(5) == first);
}

TEST_CASE("pictures of one pixel, one row and one column") {
  const std::vector<Rgb> colors = {{0, 0, 0}, {4, 4, 4}};
  for (const int width : {1, 2, 50}) {
    const std::vector<Argb> pixels(50, anim::opaque({2, 2, 2}));
    std::vector<std::uint8_t> indices(50);
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i % 3 == 0 ? 1 : 0;
    const std::vector<std::uint8_t> dwells(50, 1);
    const auto allowed = anim::allowed_losses(anim::busyness(pixels, width), dwells, 10);
    const std::vector<Argb> behind(50, 0);
    const LossyMatching matching = {
        .colors = colors, .pixels = pixels, .shown = behind, .allowed = allowed};
    const std::size_t exact = anim::lzw_compressed(indices, 2).size();
    CHECK(anim::lzw_compressed(indices, 2, matching).size() < exact);
  }
  const std::vector<Argb> pixel(1, anim::opaque({2, 2, 2}));
  std::vector<std::uint8_t> index(1, 1);
  const std::vector<std::uint8_t> dwell(1, 1);
  const auto allowed = anim::allowed_losses(anim::busyness(pixel, 1), dwell, 10);
  const std::vector<Argb> behind(1, 0);
  const LossyMatching matching = {
      .colors = colors, .pixels = pixel, .shown = behind, .allowed = allowed};
  CHECK(anim::lzw_compressed(index, 2, matching) == anim::lzw_compressed(index, 2));
}

namespace {

int level_at(const Picture& picture, std::size_t i) {
  return anim::rgb_of(picture.pixels[i]).g;
}

/// The mean difference of a pixel from its neighbours, in levels.
double busyness_at(const Picture& picture, std::size_t i) {
  const std::size_t x = i % kWidth;
  int sum = 0;
  const auto add = [&](std::size_t other) {
    sum += std::abs(level_at(picture, i) - level_at(picture, other));
  };
  if (x > 0) add(i - 1);
  if (x + 1 < kWidth) add(i + 1);
  if (i >= kWidth) add(i - kWidth);
  if (i + kWidth < picture.pixels.size()) add(i + kWidth);
  return sum / 4.0;
}

}  // namespace

TEST_CASE("no error is larger than allowed, whatever is carried") {
  const Picture picture;
  const auto shown = picture.shown(picture.codes(5));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const double allowed = 5 * std::sqrt(1 + busyness_at(picture, i) / 2.25);
    CHECK(error_at(picture, shown, i) <= allowed + 0.3);
  }
}

TEST_CASE("an error is made up for by the next pixels of the string") {
  const Picture picture;
  const auto shown = picture.shown(picture.codes(5));
  constexpr std::size_t kRun = 8;
  double squares = 0;
  for (std::size_t i = 0; i < shown.size(); i += kRun) {
    int sum = 0;
    for (std::size_t k = i; k < i + kRun; ++k) sum += shown[k].g - level_at(picture, k);
    squares += sum * sum / static_cast<double>(kRun * kRun);
  }
  // Of eight pixels together; 1.3 when nothing is carried.
  CHECK(std::sqrt(squares * kRun / static_cast<double>(shown.size())) < 1.05);
}
