// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_settings.h"

#include <algorithm>
#include <string>

#include "gst/core/gif.h"

namespace anim {
namespace {

constexpr unsigned kUsualQuality = 80;
constexpr double kLevelsPerQuality = 0.15;     // of tolerance, down to the usual quality
constexpr double kMoreLevelsPerQuality = 0.1;  // and below it
constexpr unsigned kBestQuality = 100;
constexpr unsigned kFewestColors = 2;
constexpr unsigned kMostLossy = 100;
constexpr double kLevelsPerLossy = 0.1;
constexpr double kFadingQuality = 10;  // below the best, where loss begins to fade
constexpr double kMoreLoss = 0.05;     // for a quality below the usual one

Error out_of_range(const char* name, unsigned given, unsigned least, unsigned most) {
  return {ErrorCode::InvalidArgument,
          std::string(name) + " is " + std::to_string(given) + ", but has to be " +
              std::to_string(least) + " to " + std::to_string(most),
          {}};
}

/// By how much a quality is lower than the usual one.
unsigned below_usual(unsigned quality) {
  return kUsualQuality - std::min(quality, kUsualQuality);
}

}  // namespace

Status check_gif_settings(const GifSettings& settings) {
  if (settings.quality < 1 || settings.quality > kBestQuality) {
    return out_of_range("quality", settings.quality, 1, kBestQuality);
  }
  if (settings.colors < kFewestColors || settings.colors > kGifMostColors) {
    return out_of_range("colors", settings.colors, kFewestColors, kGifMostColors);
  }
  if (settings.lossy > kMostLossy) return out_of_range("lossy", settings.lossy, 0, kMostLossy);
  return success();
}

double gif_tolerance(unsigned quality) {
  return kLevelsPerQuality * (kBestQuality - std::max(quality, kUsualQuality)) +
         kMoreLevelsPerQuality * below_usual(quality);
}

double gif_largest_error(unsigned lossy, unsigned quality) {
  const double share =
      std::min(1.0, (kBestQuality - quality) / kFadingQuality) + kMoreLoss * below_usual(quality);
  return kLevelsPerLossy * lossy * share;
}

}  // namespace anim
