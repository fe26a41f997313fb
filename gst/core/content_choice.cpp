// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/content_choice.h"

#include <algorithm>
#include <utility>

#include "gst/core/flatness.h"
#include "gst/core/lossless_frames.h"
#include "gst/core/picture_forms.h"
#include "gst/core/picture_sample.h"

namespace anim {
namespace {

/// Real clips at 480 pixels: cameras have up to 0.48 of such pixels, screens from 0.46 (a dense
/// page) on, captured ones 0.88.
constexpr double kFlatOfScreens = 0.5;
/// Less new in a picture does not change what it is.
constexpr double kChangedALot = 0.05;

/// Lossless may cost so much more than lossy, since it is perfect. On exact colours it costs 0.5 to
/// 0.8 of lossy at quality 75 (which scores 77 to 80), on screens recorded through a codec 2.3 to
/// 8, on cameras 7 to 17.
constexpr double kWorthOfPerfection = 1.25;
/// The same where halved chroma ruins coloured text: lossy stops at a score of 50 to 79 there, at
/// quality 100 and twice the bytes.
constexpr double kWorthOfChroma = 2.5;
constexpr double kRuined = 0.005;  // of the pixels; text in black and white has 0.0003
/// The same where the screen was captured in exact colours, which nobody wants to see blurred: its
/// edges are clean (0.87 to 0.96 of them; 0.56 at most after a codec). With images in between,
/// lossless costs two to three times as much there, at quality 20 up to five times. At the lowest
/// qualities size is what is wanted.
constexpr double kWorthOfCapture = 5;
constexpr float kLowestOfCaptures = 20;
constexpr double kCleanOfCaptures = 0.75;
/// Going back to lossy must save more than that, so that the look does not flip.
constexpr double kHysteresis = 1.5;

/// Trials are made on bands of so many rows, a row of macroblocks. With bands of 64 a terminal's
/// text was missed, which cost 4 % at quality 92.
constexpr int kBand = 16;
/// A quick trial comes first, on the busiest part. It is believed where that is cheaper without
/// loss, or far too large.
constexpr std::int64_t kQuickPixels = 16384;
constexpr LosslessSettings kQuick = {.method = kOwnMethod};
constexpr double kFarTooLarge = 2;
/// The real one: on a part of the picture, where that is not too little to tell.
constexpr std::int64_t kLeastOnTrial = 1 << 16;
constexpr int kPartOnTrial = 8;

constexpr int kMostFramesBetween = 12;
constexpr int kMostCanvasesBetween = 8;  // of changed pixels
constexpr int kTooSmall = 64;            // a part of the canvas that no trial is made for
constexpr int kSoonerForFilms = 8;

/// More effort changes little on screens: libwebp's method 1 at 60 is within 2 % of 4 at 75 on
/// drawn ones and smaller on an antialiased page, in two thirds of the time; core's own is like it
/// in less. Method 2 takes a third more than 1 for up to 5 % on such a page.
constexpr float kEffort = 60;
int lossless_method(int speed) {
  constexpr int kDefaultSpeed = 4;
  return speed > kDefaultSpeed ? 2 : std::min(speed, kOwnMethod);
}

/// The loss that nobody sees beside that of lossy pictures at the same quality: these score 97 to
/// 94 at 60, 95 to 93 at 40, 93 to 87 at 20. Photos on a page have worse blocks at 40 and 20 than a
/// lossy picture of quality 100.
int near_lossless_at(float quality) {
  if (quality >= 75) return kExact;
  if (quality >= 20) return 60;
  return quality >= 10 ? 40 : 20;
}
/// What it must save.
constexpr double kPays = 0.95;

/// Sharp text that stays beside a film says nothing of the film.
bool shows_capture(const ExactChange& change) {
  const ImageView whole = change.whole.view();
  const ImageView changes = change.overlay.is_empty() ? whole : change.overlay.view();
  return flat_share(whole) >= kFlatOfScreens && clean_edge_share(whole, changes) > kCleanOfCaptures;
}

/// How much more a picture may cost without loss.
double worth_of(const ImageView& picture, bool has_full_chroma, bool is_capture) {
  if (is_capture) return kWorthOfCapture;
  const bool is_ruined = has_full_chroma && share_ruined_by_halving(picture) > kRuined;
  return is_ruined ? kWorthOfChroma : kWorthOfPerfection;
}

/// The bytes of a change without loss over those with loss.
Result<double> cost_ratio(Image& exact, const Image& whole, const LosslessSettings& lossless,
                          const WebpSettings& lossy) {
  const auto one = lossless_chunk(exact, lossless);
  if (!one) return one.error();
  Image yuv(PictureForms(whole.view()).yuv());
  const auto other = lossy_chunks(yuv, lossy);
  if (!other) return other.error();
  return static_cast<double>(one->size()) / static_cast<double>(other->size());
}

bool is_clear(const ImageView& overlay, const Rect& block) {
  for (int y = block.y; y < block.bottom(); ++y) {
    const auto row =
        packed_words(overlay, y)
            .subspan(static_cast<std::size_t>(block.x), static_cast<std::size_t>(block.width));
    if (std::any_of(row.begin(), row.end(), [](std::uint32_t pixel) { return pixel != 0; })) {
      return false;
    }
  }
  return true;
}

/// The change in white where no pixel of a macroblock changes: nothing is coded there with loss
/// either, so that sharp text which stays beside a film does not count.
Image changed_blocks(const ExactChange& change) {
  constexpr int kBlock = 16;
  Image out(change.whole.view());
  if (change.overlay.is_empty()) return out;
  Image white(PixelFormat::Bgra, {kBlock, kBlock});
  std::fill_n(white.plane(0), white.size().area() * 4, std::uint8_t{0xFF});
  const auto [width, height] = out.size();
  for (int y = 0; y < height; y += kBlock) {
    for (int x = 0; x < width; x += kBlock) {
      const Rect block = {x, y, std::min(kBlock, width - x), std::min(kBlock, height - y)};
      if (!is_clear(change.overlay.view(), block)) continue;
      out.replace(block, cropped(white.view(), {0, 0, block.width, block.height}));
    }
  }
  return out;
}

/// What a real trial is made on.
Image trial_of(const ImageView& picture) {
  return sample_of(picture, std::max(kLeastOnTrial, picture.size.area() / kPartOnTrial), kBand);
}

Result<double> quick_ratio(const Image& changed, const WebpSettings& lossy) {
  Image exact = busiest_of(changed.view(), kQuickPixels, kBand);
  const Image whole(exact.view());
  return cost_ratio(exact, whole, kQuick, lossy);
}

Result<double> real_ratio(const ExactChange& change, const Image& changed,
                          const WebpSettings& lossy) {
  const Image& better = is_better_laid_over(change) ? change.overlay : change.whole;
  Image exact = trial_of(better.view());
  return cost_ratio(exact, trial_of(changed.view()),
                    {.effort = kEffort, .method = lossless_method(lossy.method)}, lossy);
}

}  // namespace

ContentChoice::ContentChoice(const WebpSettings& settings, Size canvas)
    : lossy_(settings),
      lossless_({.effort = kEffort, .method = lossless_method(settings.method)}),
      canvas_(canvas.area()),
      is_told_(settings.content == WebpContent::Screen) {}

bool ContentChoice::is_due(const ImageView& picture) {
  if (is_told_) return true;
  ++frames_;
  if (!tried_.empty() && frames_ < patience_) return false;
  if (flat_share(picture) < kFlatOfScreens) return false;
  auto print = thumbprint(picture);
  if (!tried_.empty() && changed_share(print, tried_) < kChangedALot) return false;
  tried_ = std::move(print);
  return true;
}

bool ContentChoice::is_due(const ExactChange& change, bool has_full_chroma) {
  const std::int64_t area = change.area.size().area();
  if (area * kTooSmall < canvas_) return false;
  pixels_ += area;
  // Doubled chroma leaves traces of its own.
  const bool is_film =
      has_full_chroma ? !shows_capture(change) : flat_share(change.whole.view()) < kFlatOfScreens;
  return pixels_ * (is_film ? kSoonerForFilms : 1) >= patience_ * canvas_;
}

Result<bool> ContentChoice::is_better_lossless(const ExactChange& change, bool has_full_chroma) {
  if (change.area.is_empty()) return true;
  if (is_lossless_ && !is_due(change, has_full_chroma)) return true;
  auto better = is_told_ ? Result<bool>(true) : compared(change, has_full_chroma);
  if (!better) return better;
  if (*better) {
    const Status status = choose_near_lossless(change);
    if (!status) return status.error();
  }
  const int most = *better ? kMostCanvasesBetween : kMostFramesBetween;
  patience_ = *better == is_lossless_ ? std::min(2 * patience_, most) : 1;
  is_lossless_ = *better;
  frames_ = 0;
  pixels_ = 0;
  return better;
}

Result<bool> ContentChoice::compared(const ExactChange& change, bool has_full_chroma) {
  const ImageView whole = change.whole.view();
  const bool is_capture =
      has_full_chroma && lossy_.quality >= kLowestOfCaptures && shows_capture(change);
  const double worth = worth_of(whole, has_full_chroma, is_capture);
  const double limit = is_lossless_ ? worth * kHysteresis : worth;
  const Image changed = changed_blocks(change);
  const auto quick = quick_ratio(changed, lossy_);
  if (!quick) return quick.error();
  // The busiest part of a capture may be the only image in it.
  if (!is_capture && *quick > limit * kFarTooLarge) return false;
  if (*quick < limit) return true;
  const auto real = real_ratio(change, changed, lossy_);
  if (!real) return real.error();
  return *real <= limit;
}

Status ContentChoice::choose_near_lossless(const ExactChange& change) {
  if (near_lossless_at(lossy_.quality) == kExact) return success();
  lossless_.near_lossless = kExact;
  Image picture = trial_of(change.whole.view());
  const auto exact = lossless_chunk(picture, lossless_);
  if (!exact) return exact.error();
  LosslessSettings near = lossless_;
  near.near_lossless = near_lossless_at(lossy_.quality);
  const auto nearly = lossless_chunk(picture, near);
  if (!nearly) return nearly.error();
  if (static_cast<double>(nearly->size()) <= kPays * static_cast<double>(exact->size())) {
    lossless_ = near;
  }
  return success();
}

}  // namespace anim
