// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_frames.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "gst/core/busyness.h"
#include "gst/core/dither.h"
#include "gst/core/gif_refinement.h"
#include "gst/core/lzw.h"
#include "gst/core/nearest_color.h"

namespace anim {
namespace {

constexpr double kSlack = 0.7;  // of the tolerance: how much farther what is on screen may be
constexpr double kRefinedSlack = 0.35;     // the same of a frame that refines
constexpr double kRefinedError = 1.0 / 6;  // square levels for a level of tolerance, see refine()
constexpr double kLeastRefined = 0.125;
constexpr double kByteWorth = 20;  // squared error a byte of a table saves, in tolerances
constexpr unsigned kUsualQuality = 80;
constexpr double kLevelsPerQuality = 0.15;     // of tolerance, down to the usual quality
constexpr double kMoreLevelsPerQuality = 0.1;  // and below it
constexpr unsigned kBestQuality = 100;
constexpr unsigned kFewestColors = 2;
constexpr unsigned kMostColors = 256;
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

DitherPlan plan_of(GifDither dither, const Palette& palette) {
  DitherPlan plan;
  if (palette.spread == 0 || dither == GifDither::None) return plan;
  plan.dither =
      dither == GifDither::FloydSteinberg ? DitherKernel::FloydSteinberg : DitherKernel::Ordered;
  plan.amplitude = ordered_amplitude(palette.spread);
  return plan;
}

std::vector<std::uint8_t> indices_of(const GifChange& change, const DitherPlan& plan,
                                     const Palette& palette) {
  std::vector<std::uint8_t> holes(change.pixels.size(), plan.transparent);
  if (palette.colors.empty()) return holes;
  NearestColor nearest(palette.colors);
  return dithered(change.pixels, change.rect, nearest, plan);
}

/// By how much a quality is lower than the usual one.
unsigned below_usual(unsigned quality) {
  return kUsualQuality - std::min(quality, kUsualQuality);
}

/// How much farther from the picture than a new colour one may be that is on screen.
int slack_at(unsigned quality, bool refines) {
  const double tolerance = (refines ? kRefinedSlack : kSlack) * gif_tolerance(quality);
  return static_cast<int>(std::lround(tolerance * tolerance * kLevelDistance));
}

/// The error, see refine(), of what may stay as it is shown. Lossy matching would leave alone what
/// is off by less than half of what it may lose: the other half is carried.
double least_refined(const GifSettings& settings) {
  const double lost = gif_largest_error(settings.lossy, settings.quality) / 2;
  return std::max({kLeastRefined, kRefinedError * gif_tolerance(settings.quality),
                   lost * lost / kLongestDwell});
}

/// Whether a frame's table has a transparent entry. That of the first frame may be for others, too,
/// which need one. With alpha a frame may be cleared, and some readers clear to a colour where
/// there is no such entry.
bool needs_hole(const GifChange& change, const GifSettings& settings, bool is_first) {
  const bool is_for_others = settings.palette == GifPalette::Auto || !is_first;
  const bool may_be_cleared = settings.has_alpha && change.colors.size() < kMostColors;
  return settings.palette == GifPalette::Global || (!change.is_exact && is_for_others) ||
         may_be_cleared || has_holes(change.pixels);
}

/// How many colours the table of a frame may have.
int most_colors(const GifChange& change, const GifSettings& settings, bool is_first) {
  const unsigned room = kMostColors - (needs_hole(change, settings, is_first) ? 1 : 0);
  return static_cast<int>(std::min(settings.colors, room));
}

/// The table of a frame that is not the first.
Palette table_of(const GifChange& change, const GifSettings& settings, const Palette& first) {
  return next_table(change, first, settings.palette,
                    {.most = most_colors(change, settings, false),
                     .byte_worth = kByteWorth * gif_tolerance(settings.quality)});
}

/// By pixel, what lossy matching may miss. Frames of few colours that the file's one table lacks
/// are drawings: they lose no more than what stays.
std::vector<int> losses_of(GifChange& change, const Busyness& busy, double largest_error) {
  if (change.is_exact) std::fill(change.dwells.begin(), change.dwells.end(), kLongestDwell);
  return allowed_losses(busy, change.dwells, largest_error);
}

/// `change`, whose pixels go into it, in the colours of `palette`, before what is on screen is
/// known. `loss`: see gif_largest_error().
IndexedFrame indexed(GifChange& change, const Palette& palette, GifDither dither, double loss) {
  DitherPlan plan = plan_of(dither, palette);
  plan.transparent = static_cast<std::uint8_t>(palette.colors.size());
  Busyness busy;
  if (plan.dither == DitherKernel::Ordered || loss > 0) {
    busy = busyness(change.pixels, change.rect.width);
  }
  plan.busy = busy;
  IndexedFrame frame{change.rect, palette.colors};
  frame.indices = indices_of(change, plan, palette);
  if (loss > 0) frame.allowed = losses_of(change, busy, loss);
  frame.pixels = std::move(change.pixels);
  return frame;
}

bool draws_any(const IndexedFrame& frame) {
  return std::any_of(frame.indices.begin(), frame.indices.end(),
                     [&](std::uint8_t index) { return index != frame.hole(); });
}

/// The job of a frame. What it leaves alone depends on what is on screen, and what is on screen
/// after it on what lossy matching makes of it: both are done in its turn.
GifFormat::Frame encoded(GifChange change, const GifSettings& settings, GifScreen& screen,
                         Turns::Turn& turn, const Palette& first, bool is_first) {
  const bool refines = settings.palette != GifPalette::Global && !change.stays.empty();
  if (refines) {
    turn.wait();
    refine(change, screen, least_refined(settings));
  }
  GifPicture out;
  out.has_transparent = needs_hole(change, settings, is_first);
  const Palette palette = is_first ? first : table_of(change, settings, first);
  const bool is_exact = change.is_exact && palette.spread == 0;
  const bool may_keep = out.has_transparent && !is_exact && !is_first;
  const bool must_draw = is_first || change.clears;
  out.colors = palette.colors;
  const double loss = is_exact ? 0 : gif_largest_error(settings.lossy, settings.quality);
  IndexedFrame frame = indexed(change, palette, settings.dither, loss);
  turn.wait();
  if (change.clears) screen.clear();
  if (may_keep) screen.keep(slack_at(settings.quality, refines), frame);
  if (!must_draw && !draws_any(frame)) return {.draws = false};
  if (may_keep && !settings.has_alpha) crop(frame);
  if (loss > 0) {
    out.codes = screen.draw_lossy(frame, out.table_bits());
    turn.pass();
    if (!must_draw && !draws_any(frame)) return {.draws = false};
  } else {
    screen.draw(frame);
    turn.pass();
    out.codes = lzw_compressed(frame.indices, out.table_bits());
  }
  out.rect = frame.rect;
  return {.picture = std::move(out), .clears = change.clears};
}

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

double gif_tolerance(unsigned quality) {
  return kLevelsPerQuality * (kBestQuality - std::max(quality, kUsualQuality)) +
         kMoreLevelsPerQuality * below_usual(quality);
}

double gif_largest_error(unsigned lossy, unsigned quality) {
  const double share =
      std::min(1.0, (kBestQuality - quality) / kFadingQuality) + kMoreLoss * below_usual(quality);
  return kLevelsPerLossy * lossy * share;
}

Result<std::unique_ptr<GifFormat>> GifFormat::create(const AnimationInfo& info,
                                                     const GifSettings& settings) {
  if (settings.quality < 1 || settings.quality > kBestQuality) {
    return out_of_range("quality", settings.quality, 1, kBestQuality);
  }
  if (settings.colors < kFewestColors || settings.colors > kMostColors) {
    return out_of_range("colors", settings.colors, kFewestColors, kMostColors);
  }
  if (settings.lossy > kMostLossy) return out_of_range("lossy", settings.lossy, 0, kMostLossy);
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

std::optional<std::function<Result<GifFormat::Frame>()>> GifFormat::next_job(
    std::optional<Ticks> end) {
  auto change = frames_.next(end);
  if (!change) return std::nullopt;
  if (!first_table_) first_table_ = make_first_table(*change);
  return [change = std::move(*change), settings = settings_, screen = screen_, turns = turns_,
          first = first_table_, number = jobs_++]() mutable -> Result<Frame> {
    Turns::Turn turn(turns, number);
    return encoded(std::move(change), settings, *screen, turn, *first, number == 0);
  };
}

std::shared_ptr<const Palette> GifFormat::make_first_table(const GifChange& first) const {
  std::vector<const GifChange*> known = frames_.held();
  known.insert(known.begin(), &first);
  return std::make_shared<Palette>(
      first_table(known, settings_.palette, most_colors(first, settings_, true)));
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
