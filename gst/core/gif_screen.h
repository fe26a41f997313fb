// SPDX-License-Identifier: LGPL-2.1-or-later
// What the viewer of a GIF sees, in the colours that its frames have.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/geometry.h"
#include "gst/core/image.h"
#include "gst/core/rgb.h"

namespace anim {

/// A frame as indices of its colours, and what each pixel is to look like; the index after the last
/// colour leaves the canvas alone.
struct IndexedFrame {
  Rect rect;
  std::span<const Rgb> colors;
  std::vector<std::uint8_t> indices = {};
  std::vector<Argb> pixels = {};
  std::vector<int> allowed = {};  ///< by pixel, see allowed_losses(); empty = no losses

  /// What index leaves the canvas alone; none does when there are 256 colours.
  [[nodiscard]] int hole() const { return static_cast<int>(colors.size()); }
};

/// The canvas as the frames so far have left it.
class GifScreen {
 public:
  explicit GifScreen(Size size) : size_(size), shown_(static_cast<std::size_t>(size.area())) {}

  /// The whole canvas becomes transparent.
  void clear();

  /// Leaves alone what `frame` would not bring nearer to its pixels: colours of many frames add up
  /// on screen, and holes are the cheapest pixels. `frame` has at most 255 colours. `slack` is how
  /// much farther (color_distance()) a pixel that stays may be than a new one.
  void keep(int slack, IndexedFrame& frame) const;

  [[nodiscard]] Size size() const { return size_; }
  /// 0, or alpha 255.
  [[nodiscard]] Argb shown(std::size_t pixel) const { return shown_[pixel]; }

  /// Says that `frame`, the latest that was drawn, took so many bytes, each of its pixels the same.
  void pay(double bytes, const IndexedFrame& frame);
  /// How many of the bytes that were said those pixels took that `stays` (by pixel) is not 0 of.
  [[nodiscard]] double bytes_of(const std::vector<Argb>& stays) const;

  /// Draws `frame`.
  void draw(const IndexedFrame& frame);
  /// Draws `frame` as its codes show it, which are returned: its indices become those that lossy
  /// matching leaves, possibly holes alone. frame.allowed says what may be lost of each pixel.
  [[nodiscard]] Bytes draw_lossy(IndexedFrame& frame, int table_bits);

 private:
  template <class Visit>
  void visit_rows(const Rect& rect, Visit visit) const;

  Size size_;
  std::vector<Argb> shown_;   ///< 0, or alpha 255
  std::vector<float> bytes_;  ///< by pixel; empty as long as none were said
  std::vector<Argb> below_;   ///< of it, what a frame is drawn on: kept for its memory
};

/// `frame` without the edges that it leaves alone; at least one pixel stays.
void crop(IndexedFrame& frame);

}  // namespace anim
