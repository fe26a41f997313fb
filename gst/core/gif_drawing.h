// SPDX-License-Identifier: LGPL-2.1-or-later
// What a frame of a GIF draws of a change: its table of colours, its indices, its codes.
#pragma once

#include <memory>

#include "gst/core/gif.h"
#include "gst/core/gif_changes.h"
#include "gst/core/gif_refinement.h"
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

/// A change on its way to a frame: refine() if it refines(), then index(), draw() and frame().
class GifDrawing {
 public:
  /// No frame that draws takes fewer bytes.
  static constexpr double kLeastBytes = 20;

  /// `first` is the table of the first frame.
  GifDrawing(GifChange change, const GifSettings& settings, std::shared_ptr<const Palette> first,
             bool is_first);
  GifDrawing(const GifDrawing&) = delete;
  GifDrawing& operator=(const GifDrawing&) = delete;
  GifDrawing(GifDrawing&&) = default;
  GifDrawing& operator=(GifDrawing&&) = default;
  ~GifDrawing() = default;

  /// Another of the same change. Only before index().
  [[nodiscard]] GifDrawing again() const { return {change_, settings_, first_, is_first_}; }

  /// Whether what is on screen has to be known before anything else.
  [[nodiscard]] bool refines() const { return refines_; }
  /// Whether it refines, and draws nothing else: how much is the caller's choice.
  [[nodiscard]] bool is_still() const { return is_still_; }
  /// By pixel of the canvas, see GifChange.
  [[nodiscard]] const std::vector<Argb>& stays() const { return change_.stays; }

  /// What may be refined on `screen`.
  [[nodiscard]] WorstBlocks worst_on(const GifScreen& screen) const;
  /// Also draws `worst`, at most `share` of the screen.
  void refine(const WorstBlocks& worst, double share);
  /// Chooses the table, and for each pixel one of its colours.
  void index();
  /// Leaves alone what `screen` shows well enough, and draws the rest on it.
  void draw(GifScreen& screen);

  /// What the frame takes in the file, once it is drawn; 0 when it draws nothing.
  [[nodiscard]] double bytes();
  /// Those of them that do not depend on its pixels.
  [[nodiscard]] double fixed_bytes() const;
  /// Once it is drawn. Called once.
  [[nodiscard]] GifFrame frame();

 private:
  void draw_indexed(GifScreen& screen);
  void pay(GifScreen& screen);
  void make_codes();
  [[nodiscard]] int slack() const;
  [[nodiscard]] bool draws() const;

  GifChange change_;
  GifSettings settings_;
  std::shared_ptr<const Palette> first_;
  bool is_first_;
  bool refines_;
  bool is_still_;
  bool is_exact_ = false;  ///< in a table that has all colours
  bool may_keep_ = false;  ///< what is on screen, where it is as good
  double loss_ = 0;        ///< see gif_largest_error()
  Palette palette_;
  IndexedFrame indexed_;  ///< in the colours of palette_
  GifFrame frame_;
};

}  // namespace anim
