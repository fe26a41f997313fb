// SPDX-License-Identifier: LGPL-2.1-or-later
// YUV of any matrix and range as the YUV of WebP: BT.601 in limited range.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/image.h"

namespace anim {

/// What a stream's YUV means (ITU-T H.273): the weights of red and blue in luma, and the range.
struct YuvColours {
  double kr = 0.299;
  double kb = 0.114;
  bool is_full_range = false;
};

/// Changes the meaning of 4:2:0 planes to BT.601 in limited range, without leaving 4:2:0: the
/// chroma of grey is zero in every matrix, so new chroma depends on old chroma alone, and luma on
/// the luma and the chroma sample beside it. Exact to the rounding of 8 bits in flat areas.
class YuvMatrix {
 public:
  explicit YuvMatrix(const YuvColours& from);

  /// `picture` (I420 or A420) in `out`, which is made anew when it has another format or size.
  /// Alpha is copied.
  void convert(const ImageView& picture, Image& out) const;

 private:
  using Row = std::span<const std::uint8_t>;
  void convert_luma(const ImageView& picture, Image& out) const;
  void chroma_part(Row u, Row v, std::vector<int>& part) const;
  void convert_chroma(const ImageView& picture, Image& out) const;

  /// Rows Y, U, V of the matrix on (Y, U, V, 1), in units of 1/65536.
  std::array<std::array<int, 4>, 3> rows_{};
};

}  // namespace anim
