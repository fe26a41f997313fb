// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/webp_animation.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "gst/core/carried_picture.h"
#include "gst/core/webp_container.h"

namespace anim {
namespace {

/// How far a sample may stray unseen beside the codec's own error: 2 levels at quality 75.
BlockTolerance tolerance_at(const WebpSettings& settings) {
  if (settings.is_lossless()) return {};
  return {.sample = std::min(static_cast<int>(100 - settings.quality) / 12, 4)};
}

/// The Format of Animation<>.
class WebpFormat {
 public:
  using Frame = WebpFrame;
  using Job = std::function<Result<Frame>()>;
  static constexpr Ticks kTicksPerSecond = 1000;
  static constexpr Ticks kShortestTicks = 1;

  WebpFormat(const AnimationInfo& info, const WebpSettings& settings)
      : settings_(settings), carried_(tolerance_at(settings)), container_(info) {}

  Result<Job> difference(const ImageView& picture) {
    const Rect area = carried_.update(picture);
    if (area.is_empty()) return Job();
    // What is transparent is written to, and the caller's planes do not last.
    auto pixels = std::make_shared<Image>(cropped(picture, area));
    return Job([pixels, area, settings = settings_]() -> Result<Frame> {
      auto chunks = webp_picture_chunks(*pixels, settings);
      if (!chunks) return chunks.error();
      return WebpFrame{area, std::move(*chunks)};
    });
  }

  Result<Bytes> header() { return container_.header(); }
  Result<Bytes> frame(const Frame& frame, Ticks duration) {
    return container_.frame(frame, duration);
  }
  static Result<Bytes> trailer() { return Bytes(); }
  [[nodiscard]] std::vector<Patch> patches() const { return container_.patches(); }

 private:
  WebpSettings settings_;
  CarriedPicture carried_;
  WebpContainer container_;
};

}  // namespace

Result<std::unique_ptr<AnimationEncoder>> make_webp_animation(const AnimationInfo& info,
                                                              const WebpSettings& settings,
                                                              unsigned threads) {
  const auto [width, height] = info.canvas;
  if (width < 1 || height < 1 || width > kWebpMaxSide || height > kWebpMaxSide) {
    return Error{ErrorCode::LimitExceeded,
                 "a WebP picture has 1 to 16383 pixels a side; this one is " +
                     std::to_string(width) + "x" + std::to_string(height),
                 {}};
  }
  if (info.plays > kWebpMaxPlays) {
    return Error{ErrorCode::LimitExceeded,
                 "an animated WebP plays at most 65535 times or for ever (0); asked for " +
                     std::to_string(info.plays),
                 {}};
  }
  if (const Status status = check_webp_settings(settings); !status) return status.error();
  auto format = std::make_unique<WebpFormat>(info, settings);
  return std::unique_ptr<AnimationEncoder>(
      std::make_unique<Animation<WebpFormat>>(info, std::move(format), threads));
}

}  // namespace anim
