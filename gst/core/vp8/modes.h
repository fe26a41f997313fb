// SPDX-License-Identifier: LGPL-2.1-or-later
// How prediction modes are said. Source: RFC 6386, sections 8.1, 11.2 and 11.3.
#pragma once

#include "gst/core/vp8/bool_encoder.h"
#include "gst/core/vp8/tables.h"

namespace anim::vp8 {

/// What modes cost, in 1/256 bit; luma's with the flag that it is whole.
[[nodiscard]] int luma_mode_cost(BlockMode mode);
[[nodiscard]] int chroma_mode_cost(BlockMode mode);
/// That luma is divided into subblocks.
[[nodiscard]] int divided_luma_cost();
/// By mode; `above` and `left` are the modes of the subblocks there.
[[nodiscard]] const std::array<std::uint16_t, kSubblockModes>& subblock_mode_costs(
    SubblockMode above, SubblockMode left);

void put_luma_mode(BoolEncoder& out, BlockMode mode);
void put_chroma_mode(BoolEncoder& out, BlockMode mode);
void put_divided_luma(BoolEncoder& out);
void put_subblock_mode(BoolEncoder& out, SubblockMode above, SubblockMode left, SubblockMode mode);

/// What a macroblock's neighbours take its subblocks for when its luma is whole.
[[nodiscard]] constexpr SubblockMode as_subblock_mode(BlockMode mode) {
  return static_cast<SubblockMode>(mode);
}

}  // namespace anim::vp8
