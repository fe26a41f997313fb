// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture as a VP8 key frame: what a lossy WebP picture holds. Source: RFC 6386.
#pragma once

#include <cstddef>
#include <span>

#include "gst/core/error.h"
#include "gst/core/image.h"

namespace anim::vp8 {

/// The longest side that a frame can say, in pixels.
inline constexpr int kMaxFrameSide = 16383;
/// The most bytes that prediction modes may take (section 9.1).
inline constexpr std::size_t kMaxModes = (1U << 19) - 1;

struct KeyFrameSettings {
  float quality = 75;        ///< 0 (small) to 100 (good)
  int effort = 4;            ///< 0 (fast) to 6 (small)
  int masking = 50;          ///< how much coarser busy parts are coded than smooth ones: 0 to 100
  int filter_strength = 28;  ///< of the decoder's smoothing between blocks: 0 (none) to 100
  int filter_sharpness = 0;  ///< how much of it spares edges: 0 to 7
};

/// The step of luma's quantiser at a quality, before masking.
[[nodiscard]] int ac_step_at(float quality);

/// The VP8 frame of the planes Y, U, V of `picture` (I420 or A420; of alpha it only minds what
/// cannot be seen at all). `step_powers` has, by macroblock, the logarithm (base 2) of a factor of
/// its steps; empty = none. Modes that would take more than `max_modes` bytes become simpler ones.
/// LimitExceeded when a side is longer than kMaxFrameSide or even those are too many.
[[nodiscard]] Result<Bytes> encode_key_frame(const ImageView& picture,
                                             const KeyFrameSettings& settings,
                                             std::span<const float> step_powers = {},
                                             std::size_t max_modes = kMaxModes);

}  // namespace anim::vp8
