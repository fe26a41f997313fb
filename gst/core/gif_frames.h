// SPDX-License-Identifier: LGPL-2.1-or-later
// The GIF encoder: pictures in, the bytes of an animated GIF out.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "gst/core/animation.h"
#include "gst/core/gif.h"
#include "gst/core/gif_lookahead.h"
#include "gst/core/gif_screen.h"
#include "gst/core/gif_tables.h"
#include "gst/core/turns.h"

namespace anim {

/// How pixels become indices when a picture has more colours than its table.
enum class GifDither { Auto, None, Ordered, FloydSteinberg };

/// How a GIF is made.
struct GifSettings {
  unsigned quality = 80;  ///< 1 to 100; see gif_tolerance()
  unsigned colors = 256;  ///< 2 to 256: most colours of a frame, beside its transparent one
  GifPalette palette = GifPalette::Auto;
  GifDither dither = GifDither::Auto;
  unsigned lossy = 50;     ///< 0 to 100; see gif_largest_error()
  bool has_alpha = false;  ///< whether the pictures' alpha counts; below 128 is transparent
};

/// The levels of a channel by which a pixel may differ from what was drawn and yet stay (see
/// GifCanvas): 0 at quality 100, 3 at 80, 9 at 20.
[[nodiscard]] double gif_tolerance(unsigned quality);

/// The levels of luma by which lossy matching may miss a pixel in plain surroundings, see
/// LossyMatching: a tenth of `lossy`; above a quality of 90 less, and none at 100; below 80 more,
/// twice as much at 60. At low qualities pixels that are off look better than pixels that are late.
[[nodiscard]] double gif_largest_error(unsigned lossy, unsigned quality);

/// The `Format` of GIF for Animation. Each frame has the pixels that changed; its table of colours,
/// its dithering and its compression are a job of their own.
class GifFormat {
 public:
  struct Frame {
    GifPicture picture = {};
    bool clears = false;  ///< the whole canvas is cleared before
    bool draws = true;    ///< anything, or clears
  };
  static constexpr Ticks kTicksPerSecond = 100;
  static constexpr Ticks kShortestTicks = 2;  ///< viewers play shorter delays as 10

  /// Fails with LimitExceeded as GifWriter::create(), with InvalidArgument for settings out of
  /// their range.
  static Result<std::unique_ptr<GifFormat>> create(const AnimationInfo& info,
                                                   const GifSettings& settings);

  Result<bool> look(const ImageView& picture, Ticks start) { return frames_.look(picture, start); }
  std::optional<std::function<Result<Frame>()>> next_job(std::optional<Ticks> end);
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
  std::shared_ptr<GifScreen> screen_;  ///< touched by the job whose turn it is
  std::shared_ptr<Turns> turns_ = std::make_shared<Turns>();
  std::uint64_t jobs_ = 0;                      ///< given away
  std::shared_ptr<const Palette> first_table_;  ///< of the first frame; none before its job
};

/// An encoder for GIF. `threads` as in Animation. Fails as GifFormat::create().
Result<std::unique_ptr<AnimationEncoder>> make_gif_encoder(const AnimationInfo& info,
                                                           const GifSettings& settings,
                                                           unsigned threads);

}  // namespace anim
