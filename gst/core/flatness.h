// SPDX-License-Identifier: LGPL-2.1-or-later
// How much of a picture repeats exactly from pixel to pixel: drawn pictures do, cameras never.
#pragma once

#include <cstdint>
#include <vector>

#include "gst/core/image.h"

namespace anim {

/// The share, 0 to 1, of pixels that are the same as the one to the left and the one above, on
/// every fourth row: of luma in YUV, of all channels in Bgra. 0 for a picture of one row or column.
[[nodiscard]] double flat_share(const ImageView& picture);

/// How many pixels of a Bgra picture are not as the one to their left.
[[nodiscard]] std::int64_t count_edges(const ImageView& picture);

/// The share, 0 to 1, of edges of a Bgra picture beside which it is exactly flat, of those beside
/// which it is flat or nearly so: codecs and lenses leave faint traces there, drawing leaves none.
/// Edges beside which `changes` (of the same size; all channels 0 where nothing changes) is clear
/// do not count. 0 when there are too few to tell.
[[nodiscard]] double clean_edge_share(const ImageView& picture, const ImageView& changes);

/// A picture to be recognised by: the luma (green in Bgra) of every eighth row.
[[nodiscard]] std::vector<std::uint8_t> thumbprint(const ImageView& picture);

/// The share, 0 to 1, of samples that differ by more than noise and a codec's errors do; 1 when
/// the prints are of different sizes.
[[nodiscard]] double changed_share(const std::vector<std::uint8_t>& a,
                                   const std::vector<std::uint8_t>& b);

/// The share, 0 to 1, of pixels of a Bgra picture that halved chroma makes visibly different.
[[nodiscard]] double share_ruined_by_halving(const ImageView& picture);

}  // namespace anim
