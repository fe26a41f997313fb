// SPDX-License-Identifier: LGPL-2.1-or-later
// What gst/core's pixel rooms need to know about a GstVideoFormat, and which formats come near it.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include <gst/video/video.h>

#include "gst/core/resample.h"

namespace anim {

/// The three families within which no matrix is needed.
enum class ColourFamily { Yuv, Rgb, Gray };

struct Component {
  int plane = 0;
  ChannelPlace place;
  int step_x = 1;  ///< pixels from one sample to the next
  int step_y = 1;
  bool is_alpha = false;
};

/// A format whose samples are whole bytes or 16-bit words in native order.
struct Layout {
  ColourFamily family = ColourFamily::Yuv;
  SampleType sample;
  int depth = 8;
  std::vector<Component> components;    ///< R G B, Y U V or Y, then alpha
  std::optional<ChannelPlace> padding;  ///< of packed formats with an unused sample
  std::array<int, 4> element{};         ///< bytes of a pixel in each plane; 0 = not one size
  bool has_alpha = false;
  bool is_packed_alpha = false;  ///< alpha is beside the colours in one plane

  [[nodiscard]] bool is_subsampled() const;
  [[nodiscard]] bool can_turn(bool transpose) const;
};

/// The layout of a format, nothing for packed bits, tiles, palettes and foreign byte orders.
[[nodiscard]] std::optional<Layout> layout_of(GstVideoFormat format);

[[nodiscard]] ColourFamily family_of(GstVideoFormat format);
[[nodiscard]] int depth_of(GstVideoFormat format);
[[nodiscard]] bool has_alpha(GstVideoFormat format);

/// A format that the resampler reads, of at least the precision of `format` (which may be it).
[[nodiscard]] GstVideoFormat readable_format(GstVideoFormat format);

/// The format with all channels at full resolution in 8 or 16 bits.
[[nodiscard]] GstVideoFormat full_format(ColourFamily family, bool deep, bool alpha);

/// What is lost (and, far below, what is wasted) when pictures of `from` become `to`; 0 = nothing.
[[nodiscard]] int conversion_loss(GstVideoFormat from, GstVideoFormat to);

/// The distance of the first chroma sample from the edge in pixels, along x (or y).
[[nodiscard]] double chroma_offset(GstVideoChromaSite site, int step, bool vertical);

}  // namespace anim
