// SPDX-License-Identifier: LGPL-2.1-or-later
// GIF's LZW: indices in, a stream of codes of growing width out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gst/core/image.h"
#include "gst/core/lossy_match.h"

namespace anim {

/// The bits of an index ("LZW minimum code size") of a table of `entries` (1 to 256) colours:
/// 2 to 8.
[[nodiscard]] int lzw_index_bits(std::size_t entries);

/// The codes of `indices`, each below 1 << index_bits, as bytes that are not yet cut into blocks:
/// a clear code, the picture, an end code. Codes are 3 to 12 bits wide. When all 4096 are taken,
/// the table stays as long as it serves better than a new one would on the average ("deferred clear
/// code"). Source: GIF89a specification, appendix F.
[[nodiscard]] Bytes lzw_compressed(std::span<const std::uint8_t> indices, int index_bits);

/// The same in fewer bytes, which show other indices where `lossy` allows it: `indices` become
/// those.
[[nodiscard]] Bytes lzw_compressed(std::vector<std::uint8_t>& indices, int index_bits,
                                   const LossyMatching& lossy);

}  // namespace anim
