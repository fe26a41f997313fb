// SPDX-License-Identifier: LGPL-2.1-or-later
// What makes a frame of a change: its table of colours, its indices and its codes.
#pragma once

#include <memory>

#include "gst/core/gif.h"
#include "gst/core/gif_changes.h"
#include "gst/core/gif_screen.h"
#include "gst/core/gif_settings.h"
#include "gst/core/palette.h"

namespace anim {

/// A frame of a GIF, encoded.
struct GifFrame {
  GifPicture picture = {};
  bool clears = false;  ///< the whole canvas is cleared before
  bool draws = true;    ///< anything, or clears
};

/// How many colours the table of a frame may have, beside the transparent entry if it needs one.
[[nodiscard]] int gif_most_colors(const GifChange& change, const GifSettings& settings,
                                  bool is_first);

/// Encodes a change in three parts, called one after another on any threads. What a frame leaves
/// alone depends on what is on screen, and what is on screen after it on what lossy matching makes
/// of it: so of all frames the second parts are called in order.
class GifFrameJob {
 public:
  /// `screen` is touched by draw() alone. `first` is the table of the first frame.
  GifFrameJob(GifChange change, const GifSettings& settings, std::shared_ptr<GifScreen> screen,
              std::shared_ptr<const Palette> first, bool is_first);
  GifFrameJob(const GifFrameJob&) = delete;
  GifFrameJob& operator=(const GifFrameJob&) = delete;

  void prepare();
  void draw();
  [[nodiscard]] GifFrame frame();

 private:
  void index();
  void refine_most(double share);
  void draw_indexed();
  void draw_still();
  [[nodiscard]] std::unique_ptr<GifFrameJob> try_still(double share) const;
  [[nodiscard]] double bytes() const;
  [[nodiscard]] double fixed_bytes() const;
  [[nodiscard]] int slack() const;
  [[nodiscard]] bool draws() const;

  GifChange change_;
  GifSettings settings_;
  std::shared_ptr<GifScreen> screen_;
  std::shared_ptr<const Palette> first_;
  bool is_first_;
  bool refines_;           ///< what is on screen, which has to be known before anything else
  bool is_still_;          ///< refines, and draws nothing else
  bool is_exact_ = false;  ///< in a table that has all colours
  bool may_keep_ = false;  ///< what is on screen, where it is as good
  double loss_ = 0;        ///< see gif_largest_error()
  Palette palette_;
  IndexedFrame indexed_;  ///< in the colours of palette_
  GifFrame frame_;
};

}  // namespace anim
