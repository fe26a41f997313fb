// SPDX-License-Identifier: LGPL-2.1-or-later
// The pixels that an encoder of macroblocks reads and those that it makes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gst/core/image.h"
#include "gst/core/macroblock_grid.h"
#include "gst/core/vp8/block.h"

namespace anim::vp8 {

/// The place of a macroblock in each plane.
template <class S>
struct MacroblockPixels {
  S y;
  S u;
  S v;
};

/// A macroblock of the source. Beyond the picture's edge its last pixels go on.
class SourceMacroblock {
 public:
  /// `picture` is I420 or A420.
  void load(const ImageView& picture, int column, int row);
  [[nodiscard]] MacroblockPixels<Samples> pixels() const {
    return {{y_.data(), 16}, {u_.data(), 8}, {v_.data(), 8}};
  }

 private:
  alignas(16) std::array<std::uint8_t, 256> y_;
  alignas(16) std::array<std::uint8_t, 64> u_;
  alignas(16) std::array<std::uint8_t, 64> v_;
};

/// A plane as the decoder will see it before its loop filter, with what it takes for pixels
/// outside of the picture (RFC 6386, section 12.2).
class CodedPlane {
 public:
  /// In pixels, whole macroblocks.
  CodedPlane(int width, int height);
  [[nodiscard]] WritableSamples at(int x, int y) {
    return {samples_.data() + (y + 1) * stride_ + kBorder + x, stride_};
  }

 private:
  static constexpr int kBorder = 16;
  std::ptrdiff_t stride_;
  std::vector<std::uint8_t> samples_;
};

/// The three planes of a picture.
class CodedPicture {
 public:
  CodedPicture(int columns, int rows);
  [[nodiscard]] MacroblockPixels<WritableSamples> at(int column, int row) {
    return {y_.at(16 * column, 16 * row), u_.at(8 * column, 8 * row), v_.at(8 * column, 8 * row)};
  }
  /// The four pixels of luma above and to the right of a macroblock, as its subblocks at the right
  /// take them.
  [[nodiscard]] std::array<std::uint8_t, 4> above_right(int column, int row);

 private:
  int columns_;
  CodedPlane y_;
  CodedPlane u_;
  CodedPlane v_;
};

}  // namespace anim::vp8
