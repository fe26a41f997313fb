// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of pixels that stay, and when changes are given away.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/gif_lookahead.h"
#include "tests/core/noisy_slopes.h"

namespace {

using anim::Argb;
using anim::GifChange;
using anim::GifLookahead;
using anim::Image;
using anim::PixelFormat;
using anim::Size;

using anim::test::noisy;

constexpr Size kSize = anim::test::kSlopesSize;
constexpr int kPixels = 64 * 48;
constexpr anim::Ticks kStep = 8;  // between pictures

/// Looks at pictures that come `step` hundredths of a second apart.
class Frames : public GifLookahead {
 public:
  explicit Frames(anim::GifCanvas::Rules rules, anim::Ticks step = kStep)
      : GifLookahead(kSize, rules), step_(step) {}

  bool look(const Image& picture) {
    return GifLookahead::look(picture.view(), step_ * count_++).value();
  }
  /// The end comes as long after the last picture.
  std::optional<GifChange> last() { return next(step_ * count_); }

 private:
  anim::Ticks step_;
  int count_ = 0;
};

double error_of(const std::vector<Argb>& pixels) {
  double sum = 0;
  for (int i = 0; i < kPixels; ++i) {
    const int blue = 60 + i % kSize.width + i / kSize.width;
    const int off = static_cast<int>(pixels[i] & 0xFFU) - blue;
    sum += off * off;
  }
  return std::sqrt(sum / kPixels);
}

}  // namespace

TEST_CASE("a noisy picture that stays is drawn once, as the mean of what was seen") {
  Frames frames({.tolerance = 3});
  CHECK(frames.look(noisy(0, 4)));
  for (unsigned seed = 1; seed < GifLookahead::kLookahead; ++seed) {
    CHECK_FALSE(frames.next(std::nullopt).has_value());
    CHECK_FALSE(frames.look(noisy(seed, 4)));
  }
  CHECK(frames.look(noisy(99, 4)));  // refines it
  const auto change = frames.next(std::nullopt);
  REQUIRE(change.has_value());
  CHECK(error_of(change->pixels) < 1.0);  // the noise of one picture is 2.6
  CHECK(change->stays.empty());
  CHECK(frames.look(noisy(100, 4)));
  CHECK_FALSE(frames.look(noisy(101, 4)));
}

namespace {

/// The numbers of those of `count` pictures after the first that make a change when nothing moves.
std::vector<unsigned> made_by_stills(Frames& frames, unsigned count) {
  std::vector<unsigned> made;
  for (unsigned seed = 1; seed <= count; ++seed) {
    if (frames.look(noisy(seed, 4))) made.push_back(seed);
    (void)frames.next(std::nullopt);
  }
  return made;
}

}  // namespace

TEST_CASE("a still is refined in two frames, after a while, until something changes again") {
  const std::vector<unsigned> kRefining = {GifLookahead::kRefinementPeriod,
                                           GifLookahead::kRefinementPeriod + 1};
  Frames frames({.tolerance = 3});
  CHECK(frames.look(noisy(0, 4)));
  CHECK(made_by_stills(frames, 60) == kRefining);
  CHECK(frames.look(noisy(0, 4, 20)));
  CHECK(frames.look(noisy(0, 4)));
  CHECK(made_by_stills(frames, 60) == kRefining);
}

TEST_CASE("what refines a still says what stays, and draws nothing by itself") {
  Frames frames({.tolerance = 3});
  constexpr unsigned kPictures = 2 * GifLookahead::kLookahead + 2;
  for (unsigned seed = 0; seed < kPictures; ++seed) (void)frames.look(noisy(seed, 4));
  REQUIRE(frames.next(std::nullopt).has_value());
  const auto change = frames.next(std::nullopt);
  REQUIRE(change.has_value());
  CHECK(change->pixels == std::vector<Argb>{0});
  CHECK(change->dwells.size() == 1);
  CHECK_FALSE(change->is_exact);
  REQUIRE(change->stays.size() == kPixels);
  CHECK(error_of(change->stays) < 1.0);
  CHECK(change->more_refine == 1);
  const auto second = frames.next(std::nullopt);
  REQUIRE(second.has_value());
  CHECK(second->pixels == std::vector<Argb>{0});
  CHECK(second->stays == change->stays);
  CHECK(second->more_refine == 0);
  CHECK_FALSE(frames.last().has_value());
}

TEST_CASE("with alpha, what refines a still covers all of it that can be seen") {
  Frames frames({.tolerance = 3, .has_alpha = true});
  Image picture = noisy(0, 4);
  for (int i = 0; i < 10 * kSize.width; ++i) picture.plane(0)[4 * i + 3] = 0;
  for (std::uint32_t i = 0; i <= GifLookahead::kRefinementPeriod; ++i) (void)frames.look(picture);
  REQUIRE(frames.last().has_value());
  const auto change = frames.last();
  REQUIRE(change.has_value());
  CHECK(change->rect == anim::Rect{0, 10, kSize.width, kSize.height - 10});
}

TEST_CASE("a still that ends soon is not worth it") {
  Frames frames({.tolerance = 3});
  for (std::uint32_t i = 0; i < 2 * GifLookahead::kLookahead; ++i) (void)frames.look(noisy(i, 4));
  REQUIRE(frames.last().has_value());
  const auto change = frames.last();
  REQUIRE(change.has_value());
  CHECK(change->stays.empty());
}

TEST_CASE("a still of few colours is shown as it is, and nothing refines it") {
  Frames frames({.tolerance = 3});
  Image picture(PixelFormat::Bgra, kSize);
  std::fill_n(picture.plane(0), 4 * kPixels, std::uint8_t{40});
  CHECK(frames.look(picture));
  for (int i = 0; i < 40; ++i) CHECK_FALSE(frames.look(picture));
}

TEST_CASE("something small in a block that is still as a whole is drawn, and goes again") {
  for (const bool is_red : {false, true}) {
    CAPTURE(is_red);
    const auto scene = [&](bool has_dot) {
      Image image = noisy(0, 0);
      std::uint8_t* dot = image.plane(0) + 4 * (20 * kSize.width + 20);
      if (!has_dot) return image;
      for (int channel = is_red ? 2 : 0; channel < 3; ++channel) dot[channel] += is_red ? 30 : 12;
      return image;
    };
    Frames frames({.tolerance = 3});
    CHECK(frames.look(scene(false)));
    CHECK_FALSE(frames.look(scene(false)));
    CHECK(frames.look(scene(true)));
    CHECK_FALSE(frames.look(scene(true)));
    CHECK(frames.look(scene(false)));
  }
}

TEST_CASE("a change says for how long each pixel is shown") {
  Frames frames({.tolerance = 3});
  for (int t = 0; t < 10; ++t) (void)frames.look(noisy(t, 4, t < 3 ? -1 : 20));
  const auto first = frames.last();
  REQUIRE(first.has_value());
  const auto dwell_at = [&](int x, int y) { return int{first->dwells[y * kSize.width + x]}; };
  CHECK(dwell_at(0, 0) == anim::kLongestDwell);  // it stays when the animation begins anew
  CHECK(dwell_at(22, 20) == 3);                  // then the square covers it
  const auto square = frames.last();
  REQUIRE(square.has_value());
  CHECK(square->rect.x <= 20);
  CHECK(square->rect.right() >= 28);
}

TEST_CASE("a single picture stays") {
  Frames frames({.tolerance = 3});
  CHECK(frames.look(noisy(0, 4)));
  const auto change = frames.last();
  REQUIRE(change.has_value());
  CHECK(change->dwells == std::vector<std::uint8_t>(kPixels, anim::kLongestDwell));
}

TEST_CASE("what moves through noise is drawn where it is, and nothing stays behind") {
  Frames frames({.tolerance = 3});
  std::vector<Image> pictures;
  for (int t = 0; t < 20; ++t) pictures.push_back(noisy(t, 3, t < 14 ? 3 * t : -1));
  std::vector<bool> draws;
  for (const Image& picture : pictures) draws.push_back(frames.look(picture));
  std::vector<Argb> screen(kPixels);
  while (const auto change = frames.last()) {
    for (int i = 0; i < static_cast<int>(change->pixels.size()); ++i) {
      if (change->pixels[i] == 0) continue;
      const int x = change->rect.x + i % change->rect.width;
      const int y = change->rect.y + i / change->rect.width;
      screen[y * kSize.width + x] = change->pixels[i];
    }
  }
  CHECK(std::count(draws.begin(), draws.begin() + 15, true) == 15);
  CHECK(error_of(screen) < 2.5);
}

TEST_CASE("pictures of few colours are given away as they were") {
  Frames frames({.tolerance = 20});
  Image first(PixelFormat::Bgra, kSize);
  std::fill_n(first.plane(0), 4 * kPixels, std::uint8_t{40});
  Image second = first;
  second.plane(0)[0] = 41;
  CHECK(frames.look(first));
  CHECK(frames.look(second));
  CHECK_FALSE(frames.look(second));
  const auto whole = frames.last();
  REQUIRE(whole.has_value());
  CHECK(whole->pixels == std::vector<Argb>(kPixels, 0xFF282828));
  const auto dot = frames.last();
  REQUIRE(dot.has_value());
  CHECK(dot->pixels == std::vector<Argb>{0xFF282829});
}

TEST_CASE(
    "dwells are times: the pictures of a slideshow are shown long, those of a video are not") {
  struct Row {
    anim::Ticks step;
    std::uint8_t dwell;
  };
  for (const Row row : {Row{2, 1}, Row{4, 1}, Row{8, 1}, Row{20, 2}, Row{50, 6}, Row{300, 13}}) {
    CAPTURE(row.step);
    Frames frames({.tolerance = 3}, row.step);
    for (int t = 0; t < 20; ++t) {
      Image picture = noisy(t, 1);
      for (int i = 0; i < 4 * kPixels && t % 2 == 1; ++i) picture.plane(0)[i] ^= 0x40;
      CHECK(frames.look(picture));
    }
    while (const auto change = frames.last()) {
      CHECK(change->dwells == std::vector(change->pixels.size(), row.dwell));
    }
  }
}

TEST_CASE("what is cleared has become the mean of what was seen") {
  Frames frames({.tolerance = 3, .has_alpha = true});
  for (unsigned seed = 0; seed < 8; ++seed) (void)frames.look(noisy(seed, 4));
  Image gone = noisy(9, 4);
  gone.plane(0)[3] = 0;
  CHECK(frames.look(gone));
  const auto change = frames.last();
  REQUIRE(change.has_value());
  CHECK(error_of(change->pixels) < 1.2);  // the noise of one picture is 2.6
  CHECK(change->dwells[100] == 8);
}

TEST_CASE("later pictures are compared with the mean that is shown") {
  const auto with_dot = [](int lift) {
    Image image = noisy(0, 1);
    for (int channel = 0; channel < 3; ++channel) {
      image.plane(0)[4 * (20 * kSize.width + 20) + channel] += static_cast<std::uint8_t>(lift);
    }
    return image;
  };
  Frames frames({.tolerance = 1});
  CHECK(frames.look(with_dot(2)));
  constexpr std::uint32_t kSame = GifLookahead::kLookahead + anim::kStillRefinements;
  for (std::uint32_t i = 0; i < kSame; ++i) (void)frames.look(with_dot(0));
  CHECK(frames.next(std::nullopt).has_value());
  CHECK_FALSE(frames.look(with_dot(-2)));  // 2 from the mean, 4 from the first
}

TEST_CASE("changes of very large pictures are given away sooner") {
  constexpr Size size = {4096, 1024};
  constexpr std::int64_t kFit = GifLookahead::kMostHeld / size.area();
  GifLookahead frames(size, {});
  Image picture(PixelFormat::Bgra, size);
  for (std::int64_t t = 0; t <= kFit; ++t) {
    CHECK_FALSE(frames.next(std::nullopt).has_value());
    std::fill_n(picture.plane(0), 4 * size.area(), static_cast<std::uint8_t>(t + 1));
    CHECK(frames.look(picture.view(), t).value());
  }
  CHECK(frames.next(std::nullopt).has_value());
  CHECK_FALSE(frames.next(std::nullopt).has_value());
}

TEST_CASE("now and then a change says what stays beside it, as the mean that was drawn") {
  Frames frames({.tolerance = 3});
  std::vector<std::uint32_t> refining;
  constexpr std::uint32_t kPictures = 40;
  constexpr std::size_t kCorner = 0;
  const auto take = [&](const std::optional<GifChange>& change, std::uint32_t number) {
    if (!change || change->stays.empty()) return;
    refining.push_back(number);
    CHECK(change->stays[20 * kSize.width + 40] == 0);  // the square comes there
    const int blue = static_cast<int>(change->stays[kCorner] & 0xFFU);
    CHECK(std::abs(blue - 60) <= 2);
  };
  std::uint32_t given = 0;
  for (std::uint32_t t = 0; t < kPictures; ++t) {
    CHECK(frames.look(noisy(t, 4, static_cast<int>(t) % 2 == 0 ? 20 : 36)));
    const auto change = frames.next(std::nullopt);
    if (change) take(change, ++given);
  }
  while (const auto change = frames.last()) take(change, ++given);
  CHECK(given == kPictures);
  // What the last ones leave alone is not known to stay.
  CHECK(refining == std::vector<std::uint32_t>{2, 14, 26});
}
