// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_frames.h"

#include <utility>

#include "gst/core/lzw.h"

namespace anim {
namespace {

/// A picture that draws nothing, to show the canvas for longer.
GifPicture nothing_in(const Rect& rect) {
  GifPicture out;
  out.rect = rect;
  out.has_transparent = true;
  const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(rect.size().area()));
  out.codes = lzw_compressed(pixels, out.table_bits());
  return out;
}

/// The next part of `rest` that fits in a delay and leaves no part that is too short.
Ticks next_delay(Ticks rest) {
  if (rest <= kGifLongestDelay) return rest;
  const Ticks left = rest - kGifLongestDelay;
  return left >= GifFormat::kShortestTicks ? kGifLongestDelay
                                           : kGifLongestDelay - GifFormat::kShortestTicks;
}

}  // namespace

Result<std::unique_ptr<GifFormat>> GifFormat::create(const AnimationInfo& info,
                                                     const GifSettings& settings) {
  if (const Status status = check_gif_settings(settings); !status) return status.error();
  auto writer = GifWriter::create(info.canvas, info.plays);
  if (!writer) return writer.error();
  return std::unique_ptr<GifFormat>(new GifFormat(info, settings, std::move(*writer)));
}

GifFormat::GifFormat(const AnimationInfo& info, const GifSettings& settings,
                     std::unique_ptr<GifWriter> writer)
    : info_(info),
      settings_(settings),
      frames_(info.canvas, {.most_colors = static_cast<int>(settings.colors),
                            .tolerance = gif_tolerance(settings.quality),
                            .has_alpha = settings.has_alpha}),
      writer_(std::move(writer)),
      screen_(std::make_shared<GifScreen>(info.canvas)) {}

std::optional<OrderedJob<Result<GifFrame>>> GifFormat::next_job(std::optional<Ticks> end) {
  auto change = frames_.next(end);
  if (!change) return std::nullopt;
  const bool is_first = first_table_ == nullptr;
  if (is_first) first_table_ = make_first_table(*change);
  const auto job = std::make_shared<GifFrameJob>(
      GifDrawing(std::move(*change), settings_, first_table_, is_first), screen_);
  return OrderedJob<Result<Frame>>{.before = [job] { job->prepare(); },
                                   .in_turn = [job] { job->draw(); },
                                   .result = [job] { return Result<Frame>(job->frame()); }};
}

std::shared_ptr<const Palette> GifFormat::make_first_table(const GifChange& first) const {
  std::vector<const GifChange*> known = frames_.held();
  known.insert(known.begin(), &first);
  return std::make_shared<Palette>(
      first_table(known, settings_.palette, gif_most_colors(first, settings_, true)));
}

/// The last frame of a loop with alpha clears the canvas for the first.
GifDisposal GifFormat::disposal_before(const Frame* next) const {
  const bool begins_anew = settings_.has_alpha && info_.plays != 1;
  const bool clears = next != nullptr ? next->clears : begins_anew;
  return clears ? GifDisposal::Clear : GifDisposal::Keep;
}

Result<Bytes> GifFormat::frame(const Frame& frame, const Frame* next, Ticks duration) {
  if (Status status = check_parts(duration / kGifLongestDelay); !status) return status.error();
  const GifDisposal disposal = disposal_before(next);
  const Rect filler = disposal == GifDisposal::Clear ? frame.picture.rect : Rect{0, 0, 1, 1};
  Bytes out;
  GifPicture picture = frame.picture;
  while (true) {
    const Ticks delay = next_delay(duration);
    duration -= delay;
    const bool is_last = duration == 0;
    auto bytes = writer_->picture(picture, delay, is_last ? disposal : GifDisposal::Keep);
    if (!bytes) return bytes.error();
    out.insert(out.end(), bytes->begin(), bytes->end());
    if (is_last) return out;
    picture = nothing_in(filler);
  }
}

Result<std::unique_ptr<AnimationEncoder>> make_gif_encoder(const AnimationInfo& info,
                                                           const GifSettings& settings,
                                                           unsigned threads) {
  auto format = GifFormat::create(info, settings);
  if (!format) return format.error();
  return std::unique_ptr<AnimationEncoder>(
      std::make_unique<Animation<GifFormat>>(info, std::move(*format), threads));
}

}  // namespace anim
