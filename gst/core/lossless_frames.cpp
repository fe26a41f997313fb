// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/lossless_frames.h"

#include <memory>
#include <utility>

#include "gst/core/picture_sample.h"

namespace anim {
namespace {

/// How the two ways are tried. On screens and text at 480 pixels this effort prefers the way that
/// the full one does in all but close calls, for a tenth of the time.
constexpr LosslessSettings kTrial = {.effort = 20, .method = 1};
constexpr std::int64_t kTriedWhole = 32768;  // pixels; beyond that on a sample
constexpr std::int64_t kTrialPixels = 16384;
constexpr int kTrialBand = 8;

/// A sample is not the whole: laying over wins where a picture repeats less than its sample says,
/// so that replacing must be better by this.
constexpr double kClearlyBetter = 0.92;
/// More effort is kinder to it where the whole was tried.
constexpr double kBetter = 0.98;

Result<WebpFrame> encoded(ExactChange& change, const LosslessSettings& settings) {
  const auto blends = is_better_laid_over(change);
  if (!blends) return blends.error();
  auto chunk = lossless_chunk(*blends ? change.overlay : change.whole, settings);
  if (!chunk) return chunk.error();
  return WebpFrame{change.area, std::move(*chunk), *blends};
}

}  // namespace

Result<bool> is_better_laid_over(const ExactChange& change) {
  if (change.overlay.is_empty()) return false;
  const bool is_whole = change.area.size().area() <= kTriedWhole;
  const std::int64_t pixels = is_whole ? kTriedWhole : kTrialPixels;
  Image replacing = sample_of(change.whole.view(), pixels, kTrialBand);
  Image overlaid = sample_of(change.overlay.view(), pixels, kTrialBand);
  const auto one = lossless_chunk(replacing, kTrial);
  if (!one) return one.error();
  const auto other = lossless_chunk(overlaid, kTrial);
  if (!other) return other.error();
  const double must_be = is_whole ? kBetter : kClearlyBetter;
  return static_cast<double>(one->size()) > must_be * static_cast<double>(other->size());
}

std::function<Result<WebpFrame>()> lossless_frame_of(ExactChange change,
                                                     const LosslessSettings& settings) {
  if (change.area.is_empty()) return {};
  const auto shared = std::make_shared<ExactChange>(std::move(change));
  return [shared, settings] { return encoded(*shared, settings); };
}

}  // namespace anim
