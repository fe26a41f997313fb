// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_frame_job.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gst/core/busyness.h"
#include "gst/core/dither.h"
#include "gst/core/gif_refinement.h"
#include "gst/core/lzw.h"
#include "gst/core/nearest_color.h"
#include "gst/core/share_search.h"

namespace anim {
namespace {

constexpr double kSlack = 0.7;  // of the tolerance: how much farther what is on screen may be
constexpr double kRefinedSlack = 0.35;     // the same of a frame that refines what stays beside it
constexpr double kRefinedError = 1.0 / 6;  // square levels for a level of tolerance, see refine()
constexpr double kStillError = 1.0 / 12;   // the same of a still, whose bytes are counted
constexpr double kLeastRefined = 0.125;
// Squared error that a byte of a table has to save, in tolerances; less where it refines what
// stays. With 5 instead of 2, stills that are small or dark gain nothing.
constexpr double kByteWorth = 20;
constexpr double kRefiningByteWorth = 2;
// Of the screen, how much is refined at a time. The less it is, the better is a table for it alone;
// where something else moves there are more times.
constexpr double kShare = 0.25;
// Of a still, each frame takes no more than this part of the bytes that what it refines took.
constexpr double kShareOfBytes = 0.25 / kStillRefinements;
constexpr double kBytesPerColor = 3;
constexpr double kFrameBytes = 8 + 10 + 1;  // beside table and codes: GIF89a 20, 22 and 23

DitherPlan plan_of(GifDither dither, const Palette& palette) {
  DitherPlan plan;
  if (palette.spread == 0 || dither == GifDither::None) return plan;
  plan.dither =
      dither == GifDither::FloydSteinberg ? DitherKernel::FloydSteinberg : DitherKernel::Ordered;
  return plan;
}

std::vector<std::uint8_t> indices_of(const GifChange& change, const DitherPlan& plan,
                                     const Palette& palette) {
  std::vector<std::uint8_t> holes(change.pixels.size(), plan.transparent);
  if (palette.colors.empty()) return holes;
  NearestColor nearest(palette.colors);
  return dithered(change.pixels, change.rect, nearest, plan);
}

/// The error, see refine(), of what may stay as it is shown. Lossy matching would leave alone what
/// is off by less than half of what it may lose: the other half is carried.
double least_refined(const GifSettings& settings) {
  const double lost = gif_largest_error(settings.lossy, settings.quality) / 2;
  return std::max({kLeastRefined, kRefinedError * gif_tolerance(settings.quality),
                   lost * lost / kLongestDwell});
}

double least_refined_of_still(const GifSettings& settings) {
  return std::max(kLeastRefined, kStillError * gif_tolerance(settings.quality));
}

/// Whether a frame's table has a transparent entry. That of the first frame may be for others, too,
/// which need one. With alpha a frame may be cleared, and some readers clear to a colour where
/// there is no such entry.
bool needs_hole(const GifChange& change, const GifSettings& settings, bool is_first) {
  const bool is_for_others = settings.palette == GifPalette::Auto || !is_first;
  const bool may_be_cleared = settings.has_alpha && change.colors.size() < kGifMostColors;
  return settings.palette == GifPalette::Global || (!change.is_exact && is_for_others) ||
         may_be_cleared || has_holes(change.pixels);
}

/// The table of a frame that is not the first.
Palette table_of(const GifChange& change, const GifSettings& settings, const Palette& first,
                 bool is_close) {
  const double byte_worth = change.stays.empty() ? kByteWorth : kRefiningByteWorth;
  return next_table(change, first, settings.palette,
                    {.most = gif_most_colors(change, settings, false),
                     .byte_worth = byte_worth * gif_tolerance(settings.quality),
                     .is_close = is_close});
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

bool draws_nothing(const GifChange& change) {
  return std::all_of(change.pixels.begin(), change.pixels.end(),
                     [](Argb pixel) { return pixel == 0; });
}

bool draws_any(const IndexedFrame& frame) {
  return std::any_of(frame.indices.begin(), frame.indices.end(),
                     [&](std::uint8_t index) { return index != frame.hole(); });
}

}  // namespace

int gif_most_colors(const GifChange& change, const GifSettings& settings, bool is_first) {
  const unsigned room = kGifMostColors - (needs_hole(change, settings, is_first) ? 1 : 0);
  return static_cast<int>(std::min(settings.colors, room));
}

GifFrameJob::GifFrameJob(GifChange change, const GifSettings& settings,
                         std::shared_ptr<GifScreen> screen, std::shared_ptr<const Palette> first,
                         bool is_first)
    : change_(std::move(change)),
      settings_(settings),
      screen_(std::move(screen)),
      first_(std::move(first)),
      is_first_(is_first),
      refines_(settings.palette != GifPalette::Global && !change_.stays.empty()),
      is_still_(refines_ && draws_nothing(change_)) {}

void GifFrameJob::prepare() {
  if (!refines_) index();
}

/// Chooses the table, and for each pixel one of its colours.
void GifFrameJob::index() {
  GifPicture& picture = frame_.picture;
  picture.has_transparent = needs_hole(change_, settings_, is_first_);
  palette_ = is_first_ ? *first_ : table_of(change_, settings_, *first_, is_still_);
  is_exact_ = change_.is_exact && palette_.spread == 0;
  may_keep_ = picture.has_transparent && !is_exact_ && !is_first_;
  loss_ = is_exact_ ? 0 : gif_largest_error(settings_.lossy, settings_.quality);
  // Colours of few pixels are met closely enough without a pattern.
  const GifDither dither = is_still_ ? GifDither::None : settings_.dither;
  indexed_ = indexed(change_, palette_, dither, loss_);
  picture.colors = palette_.colors;
}

void GifFrameJob::draw() {
  if (is_still_) {
    draw_still();
  } else {
    if (refines_) refine_most(kShare);
    draw_indexed();
  }
  // The codes need no more than the indices.
  change_ = {};
  indexed_.pixels = {};
  indexed_.allowed = {};
}

/// Refines at most `share` of the screen, and is indexed.
void GifFrameJob::refine_most(double share) {
  const double least = is_still_ ? least_refined_of_still(settings_) : least_refined(settings_);
  refine(change_, *screen_, least, share);
  index();
}

/// Refines as much of a still as may be paid for: nothing if that is too little.
void GifFrameJob::draw_still() {
  frame_.draws = false;
  const double allowed = kShareOfBytes * screen_->bytes();
  std::unique_ptr<GifFrameJob> best;
  ShareSearch search(allowed);
  while (!search.is_done()) {
    std::unique_ptr<GifFrameJob> trial = try_still(search.share());
    const double bytes = trial->bytes();
    search.tell(bytes, trial->fixed_bytes());
    if (bytes <= allowed && (!best || bytes > best->bytes())) best = std::move(trial);
  }
  if (!best) return;
  *screen_ = std::move(*best->screen_);
  palette_ = std::move(best->palette_);
  indexed_ = std::move(best->indexed_);
  frame_ = std::move(best->frame_);
}

/// Draws on a screen of its own.
std::unique_ptr<GifFrameJob> GifFrameJob::try_still(double share) const {
  auto trial = std::make_unique<GifFrameJob>(
      change_, settings_, std::make_shared<GifScreen>(*screen_), first_, is_first_);
  trial->refine_most(share);
  trial->draw_indexed();
  return trial;
}

/// That the frame takes, once it is drawn.
double GifFrameJob::bytes() const {
  return fixed_bytes() + static_cast<double>(frame_.picture.codes.size());
}

/// Those beside its codes.
double GifFrameJob::fixed_bytes() const {
  if (!is_first_ && palette_.colors == first_->colors) return kFrameBytes;
  return kFrameBytes + kBytesPerColor * std::exp2(frame_.picture.table_bits());
}

/// How much farther from the picture than a new colour one may be that is on screen.
int GifFrameJob::slack() const {
  if (is_still_) return 0;
  const double tolerance = (refines_ ? kRefinedSlack : kSlack) * gif_tolerance(settings_.quality);
  return static_cast<int>(std::lround(tolerance * tolerance * kLevelDistance));
}

void GifFrameJob::draw_indexed() {
  frame_.clears = change_.clears;
  if (frame_.clears) screen_->clear();
  if (may_keep_) screen_->keep(slack(), indexed_);
  frame_.draws = draws();
  if (!frame_.draws) return;
  if (may_keep_ && !settings_.has_alpha) crop(indexed_);
  const int bits = frame_.picture.table_bits();
  if (loss_ > 0) {
    frame_.picture.codes = screen_->draw_lossy(indexed_, bits);
    frame_.draws = draws();
  } else {
    screen_->draw(indexed_);
    // Of exact frames the next ones need no bytes: nothing refines them.
    if (!is_exact_) frame_.picture.codes = lzw_compressed(indexed_.indices, bits);
  }
  if (!is_still_) screen_->pay(is_exact_ || !frame_.draws ? 0 : bytes(), indexed_);
}

/// Whether a frame is needed, though possibly for clearing the canvas alone.
bool GifFrameJob::draws() const {
  return is_first_ || frame_.clears || draws_any(indexed_);
}

GifFrame GifFrameJob::frame() {
  if (!frame_.draws) return {.draws = false};
  GifPicture& picture = frame_.picture;
  if (is_exact_) picture.codes = lzw_compressed(indexed_.indices, picture.table_bits());
  picture.rect = indexed_.rect;
  return std::move(frame_);
}

}  // namespace anim
