// SPDX-License-Identifier: LGPL-2.1-or-later
// What makes a frame of a change, part by part.
#pragma once

#include <memory>

#include "gst/core/gif_drawing.h"
#include "gst/core/gif_screen.h"

namespace anim {

/// Encodes a change in three parts, called one after another on any threads. What a frame leaves
/// alone depends on what is on screen, and what is on screen after it on what lossy matching makes
/// of it: so of all frames the second parts are called in order.
class GifFrameJob {
 public:
  /// `screen` is touched by draw() alone.
  GifFrameJob(GifDrawing drawing, std::shared_ptr<GifScreen> screen);

  void prepare();
  void draw();
  [[nodiscard]] GifFrame frame();

 private:
  void draw_still();

  GifDrawing drawing_;
  std::shared_ptr<GifScreen> screen_;
};

}  // namespace anim
