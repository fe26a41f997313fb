// SPDX-License-Identifier: LGPL-2.1-or-later
// Caps of encoded video as core's unit rules know them.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "gst/core/unit_rules.h"

namespace anim {

/// What samplegate's pads take: first the codecs that have a rule, then those that pass whole. No
/// sound, so that a parsebin in gst-launch-1.0 links its video.
inline constexpr const char* kGateCaps =
    "video/x-h264; video/x-h265; video/x-vp8; video/x-vp9; video/x-av1; video/mpeg; "
    "image/jpeg; video/x-prores; video/x-dnxhd; video/x-dv; "
    "video/x-theora; video/x-divx; video/x-xvid; video/x-msmpeg; video/x-wmv; video/x-h261; "
    "video/x-h263; video/x-flash-video; video/x-flash-screen; video/x-pn-realvideo; video/x-svq; "
    "video/x-indeo; video/x-cinepak; video/x-huffyuv; video/x-ffv; video/x-dirac; "
    "video/x-cineform; video/x-vp6; video/x-vp6-flash; image/png; image/jp2; image/x-jpc; "
    "image/webp; image/gif; image/bmp; image/tiff; video/x-raw(ANY)";

/// The format of the units that fixed `caps` announce; nothing when there is no rule for them, or
/// when a buffer is not a whole unit.
[[nodiscard]] std::optional<UnitFormat> unit_format(const GstCaps* caps);

}  // namespace anim
