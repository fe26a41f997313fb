// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_drawing.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gst/core/busyness.h"
#include "gst/core/dither.h"
#include "gst/core/lzw.h"
#include "gst/core/nearest_color.h"

namespace anim {
namespace {

constexpr double kSlack = 0.7;  // of the tolerance: how much farther what is on screen may be
constexpr double kRefinedSlack = 0.35;     // the same of a frame that refines what stays beside it
constexpr double kRefinedError = 1.0 / 6;  // square levels for a level of tolerance
constexpr double kStillError = 1.0 / 12;   // the same of a still, whose bytes are counted
constexpr double kLeastRefined = 0.125;
// Squared error that a byte of a table has to save, in tolerances; less where it refines what
// stays. With 5 instead of 2, stills that are small or dark gain nothing.
constexpr double kByteWorth = 20;
constexpr double kRefiningByteWorth = 2;
// Beside table and codes: GIF89a 23 (graphic control), 20 (descriptor), 22 (code size, terminator).
constexpr double kFrameBytes = 8 + 10 + 2;
static_assert(kFrameBytes == GifDrawing::kLeastBytes);
constexpr double kMostInBlock = 255;  // bytes of codes, behind one that counts them

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

/// The error, see WorstBlocks, of what may stay as it is shown. Lossy matching would leave alone
/// what is off by less than half of what it may lose: the other half is carried.
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

GifDrawing::GifDrawing(GifChange change, const GifSettings& settings,
                       std::shared_ptr<const Palette> first, bool is_first)
    : change_(std::move(change)),
      settings_(settings),
      first_(std::move(first)),
      is_first_(is_first),
      refines_(settings.palette != GifPalette::Global && !change_.stays.empty()),
      is_still_(refines_ && !is_first && !change_.clears && !change_.is_exact &&
                draws_nothing(change_)) {}

WorstBlocks GifDrawing::worst_on(const GifScreen& screen) const {
  const double least = is_still_ ? least_refined_of_still(settings_) : least_refined(settings_);
  return {change_.stays, screen, least};
}

void GifDrawing::refine(const WorstBlocks& worst, double share) {
  worst.draw(change_, share);
}

void GifDrawing::index() {
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

void GifDrawing::draw(GifScreen& screen) {
  draw_indexed(screen);
  // The codes need no more than the indices.
  change_ = {};
  indexed_.pixels = {};
  indexed_.allowed = {};
}

/// How much farther from the picture than a new colour one may be that is on screen.
int GifDrawing::slack() const {
  if (is_still_) return 0;
  const double tolerance = (refines_ ? kRefinedSlack : kSlack) * gif_tolerance(settings_.quality);
  return static_cast<int>(std::lround(tolerance * tolerance * kLevelDistance));
}

void GifDrawing::draw_indexed(GifScreen& screen) {
  frame_.clears = change_.clears;
  if (frame_.clears) screen.clear();
  if (may_keep_) screen.keep(slack(), indexed_);
  frame_.draws = draws();
  if (!frame_.draws) return;
  if (may_keep_ && !settings_.has_alpha) crop(indexed_);
  if (loss_ > 0) {
    frame_.picture.codes = screen.draw_lossy(indexed_, frame_.picture.table_bits());
    frame_.draws = draws();
  } else {
    screen.draw(indexed_);
  }
  pay(screen);
}

/// What is drawn may be refined later, for a part of its bytes. What is exact never is, and what
/// refines a still leaves as many bytes to the next frame that does.
void GifDrawing::pay(GifScreen& screen) {
  if (settings_.palette == GifPalette::Global || is_still_ || !frame_.draws) return;
  if (!is_exact_) make_codes();
  screen.pay(is_exact_ ? 0 : bytes(), indexed_);
}

/// Unless they are there.
void GifDrawing::make_codes() {
  Bytes& codes = frame_.picture.codes;
  if (codes.empty()) codes = lzw_compressed(indexed_.indices, frame_.picture.table_bits());
}

double GifDrawing::bytes() {
  if (!frame_.draws) return 0;
  make_codes();
  const auto codes = static_cast<double>(frame_.picture.codes.size());
  return fixed_bytes() + codes + std::ceil(codes / kMostInBlock);
}

double GifDrawing::fixed_bytes() const {
  const GifPicture& picture = frame_.picture;
  const bool is_firsts = !is_first_ && palette_.colors == first_->colors &&
                         picture.table_bits() <= lzw_index_bits(first_->colors.size());
  return kFrameBytes + (is_firsts ? 0 : kGifBytesPerColor * std::exp2(picture.table_bits()));
}

/// Whether a frame is needed, though possibly for clearing the canvas alone.
bool GifDrawing::draws() const {
  return is_first_ || frame_.clears || draws_any(indexed_);
}

GifFrame GifDrawing::frame() {
  if (!frame_.draws) return {.draws = false};
  make_codes();
  frame_.picture.rect = indexed_.rect;
  return std::move(frame_);
}

}  // namespace anim
