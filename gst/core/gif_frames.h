// SPDX-License-Identifier: LGPL-2.1-or-later
// The GIF encoder: pictures in, the bytes of an animated GIF out.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "gst/core/animation.h"
#include "gst/core/gif.h"
#include "gst/core/gif_frame_job.h"
#include "gst/core/gif_lookahead.h"
#include "gst/core/gif_screen.h"
#include "gst/core/gif_settings.h"
#include "gst/core/ordered_pool.h"

namespace anim {

/// The `Format` of GIF for Animation. Each frame has the pixels that changed; its table of colours,
/// its dithering and its compression are a job of their own.
class GifFormat {
 public:
  using Frame = GifFrame;
  static constexpr Ticks kTicksPerSecond = 100;
  static constexpr Ticks kShortestTicks = 2;  ///< viewers play shorter delays as 10

  /// Fails with LimitExceeded as GifWriter::create(), with InvalidArgument for settings out of
  /// their range.
  static Result<std::unique_ptr<GifFormat>> create(const AnimationInfo& info,
                                                   const GifSettings& settings);

  Result<bool> look(const ImageView& picture, Ticks start) { return frames_.look(picture, start); }
  std::optional<OrderedJob<Result<Frame>>> next_job(std::optional<Ticks> end);
  Result<Bytes> header() { return writer_->header(); }
  [[nodiscard]] static bool draws(const Frame& frame) { return frame.draws; }
  Result<Bytes> frame(const Frame& frame, const Frame* next, Ticks duration);
  Result<Bytes> trailer() { return writer_->trailer(); }
  [[nodiscard]] static std::vector<Patch> patches() { return {}; }

 private:
  GifFormat(const AnimationInfo& info, const GifSettings& settings,
            std::unique_ptr<GifWriter> writer);
  [[nodiscard]] std::shared_ptr<const Palette> make_first_table(const GifChange& first) const;
  [[nodiscard]] GifDisposal disposal_before(const Frame* next) const;

  AnimationInfo info_;
  GifSettings settings_;
  GifLookahead frames_;
  std::unique_ptr<GifWriter> writer_;
  std::shared_ptr<GifScreen> screen_;           ///< touched by the job whose turn it is
  std::shared_ptr<const Palette> first_table_;  ///< of the first frame; none before its job
};

/// An encoder for GIF. `threads` as in Animation. Fails as GifFormat::create().
Result<std::unique_ptr<AnimationEncoder>> make_gif_encoder(const AnimationInfo& info,
                                                           const GifSettings& settings,
                                                           unsigned threads);

}  // namespace anim
