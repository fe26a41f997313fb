// SPDX-License-Identifier: LGPL-2.1-or-later
// The arithmetic of 4x4 blocks: transforms and measures of difference, as fast as there is.
#pragma once

#include "gst/core/vp8/block.h"
#if defined(__SSE2__)
#include "gst/core/vp8/transform_sse2.h"
#else
#include "gst/core/vp8/transform_scalar.h"
#endif

namespace anim::vp8 {

#if defined(__SSE2__)
namespace fastest = sse2;
#else
namespace fastest = scalar;
#endif
using fastest::forward_dct;
using fastest::hadamard_difference;
using fastest::hadamard_differences;
using fastest::inverse_dct;
using fastest::quantize_coefficients;
using fastest::squared_difference;

/// The transform of the 16 DCs of luma, and the decoder's inverse (section 14.3).
void forward_wht(const Coefficients& dcs, Coefficients& out);
void inverse_wht(const Coefficients& coefficients, Coefficients& dcs);

}  // namespace anim::vp8
