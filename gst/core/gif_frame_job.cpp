// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif_frame_job.h"

#include <utility>

#include "gst/core/share_search.h"

namespace anim {
namespace {

// Of the screen, how much is refined at a time. The less it is, the better is a table for it alone;
// where something else moves there are more times.
constexpr double kShare = 0.25;
// Of a still, each frame takes no more than this part of the bytes that what it refines took.
constexpr double kShareOfBytes = 0.25 / kStillRefinements;

/// A frame that is drawn on a screen of its own.
struct Trial {
  GifDrawing drawing;
  GifScreen screen;

  Trial(const GifDrawing& still, const GifScreen& before, const WorstBlocks& worst, double share)
      : drawing(still.again()), screen(before) {
    drawing.refine(worst, share);
    drawing.index();
    drawing.draw(screen);
  }
};

}  // namespace

GifFrameJob::GifFrameJob(GifDrawing drawing, std::shared_ptr<GifScreen> screen)
    : drawing_(std::move(drawing)), screen_(std::move(screen)) {}

void GifFrameJob::prepare() {
  if (!drawing_.refines()) drawing_.index();
}

void GifFrameJob::draw() {
  if (drawing_.is_still()) {
    draw_still();
    return;
  }
  if (drawing_.refines()) {
    drawing_.refine(drawing_.worst_on(*screen_), kShare);
    drawing_.index();
  }
  drawing_.draw(*screen_);
}

/// Refines as much of a still as may be paid for: nothing if that is too little.
void GifFrameJob::draw_still() {
  const double allowed = kShareOfBytes * screen_->bytes_of(drawing_.stays());
  const WorstBlocks worst = drawing_.worst_on(*screen_);
  Trial best(drawing_, *screen_, worst, 0);
  for (ShareSearch search(allowed, GifDrawing::kLeastBytes); !search.is_done();) {
    Trial trial(drawing_, *screen_, worst, search.share());
    const double bytes = trial.drawing.bytes();
    search.tell(bytes, trial.drawing.fixed_bytes());
    if (bytes <= allowed && bytes > best.drawing.bytes()) best = std::move(trial);
  }
  drawing_ = std::move(best.drawing);
  *screen_ = std::move(best.screen);
}

GifFrame GifFrameJob::frame() {
  return drawing_.frame();
}

}  // namespace anim
