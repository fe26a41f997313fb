// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/webp_animation.h"

#include <optional>
#include <string>
#include <utility>

#include "gst/core/mixed_frames.h"
#include "gst/core/ordered_pool.h"
#include "gst/core/webp_container.h"

namespace anim {
namespace {

/// The Format of Animation<>.
class WebpFormat {
 public:
  using Frame = WebpFrame;
  static constexpr Ticks kTicksPerSecond = 1000;
  static constexpr Ticks kShortestTicks = 1;

  WebpFormat(const AnimationInfo& info, const WebpSettings& settings)
      : frames_(settings, info.canvas), container_(info) {}

  Result<bool> look(const ImageView& picture, Ticks /*start*/) { return frames_.look(picture); }
  std::optional<OrderedJob<Result<Frame>>> next_job(std::optional<Ticks> end) {
    auto job = frames_.next_job(end.has_value());
    if (!job) return std::nullopt;
    return OrderedJob<Result<Frame>>{.result = std::move(*job)};
  }

  Result<Bytes> header() { return container_.header(); }
  [[nodiscard]] static bool draws(const Frame& /*frame*/) { return true; }
  Result<Bytes> frame(const Frame& frame, const Frame* /*next*/, Ticks duration) {
    return container_.frame(frame, duration);
  }
  Result<Bytes> trailer() { return container_.trailer(); }
  [[nodiscard]] std::vector<Patch> patches() const { return container_.patches(); }

 private:
  MixedFrames frames_;
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
