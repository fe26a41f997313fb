// SPDX-License-Identifier: LGPL-2.1-or-later
// How different two pictures look as a whole: the measure by which scenes are told apart.
//
// A picture is brought down to a grid of 16 by 16 mean colours, as Y, Cb, Cr and alpha of full
// scale. The change between two pictures is the mean over the grid of the largest difference in any
// of the four, in percent: 0 for the same picture, 100 from black to white. Means over cells do not
// see noise, nor small things that move; what looks the same to them may still be another picture.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "gst/core/geometry.h"

namespace anim {

/// One channel of 8-bit samples that somebody else owns.
struct ChannelView {
  const std::uint8_t* data = nullptr;
  std::ptrdiff_t row_stride = 0;     ///< bytes from one row to the next
  std::ptrdiff_t sample_stride = 1;  ///< bytes from one sample to the next
  Size size;                         ///< in samples; at least 1x1
};

/// The channels of a picture.
struct PictureView {
  enum class Model { Yuv, Rgb };
  Model model = Model::Yuv;
  bool is_full_range = false;  ///< of Yuv: Y from 0 to 255 instead of 16 to 235
  /// Y, U, V or R, G, B; of a grey picture the first alone.
  std::array<std::optional<ChannelView>, 3> colours{};
  std::optional<ChannelView> alpha{};
};

/// The mean colours of a picture.
class ColourGrid {
 public:
  explicit ColourGrid(const PictureView& picture);

  /// From 0 to 100, as above.
  [[nodiscard]] double change_from(const ColourGrid& other) const;

 private:
  static constexpr int kSide = 16;
  using Plane = std::array<float, std::size_t{kSide} * kSide>;

  static void read(const std::optional<ChannelView>& channel, Plane& means);
  void scale_yuv(const PictureView& picture);
  void convert_rgb();

  std::array<Plane, 4> planes_{};  ///< Y, Cb, Cr, alpha, each over a range of 1
};

}  // namespace anim
