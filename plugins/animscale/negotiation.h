// SPDX-License-Identifier: LGPL-2.1-or-later
// Which caps fitscale offers, and which of those that are possible it takes.
#pragma once

#include <optional>

#include <gst/video/video.h>

#include "gst/core/geometry.h"
#include "gst/glue/handle.h"

namespace anim {

/// What may stand on the other side of caps that are given on one side.
/// `drops_hdr`: the output says nothing of the input's mastering display and light level.
[[nodiscard]] GstCaps* possible_caps(GstPadDirection direction, const GstCaps* caps,
                                     bool drops_hdr);

/// Fills in what the colorimetry of caps leaves unknown: RGB is full range; YUV is limited range,
/// BT.709 above 576 lines and BT.601 otherwise.
void complete_colours(GstVideoInfo& info);

/// A side (`width` or `height`) that every structure of `caps` fixes to one number.
[[nodiscard]] std::optional<int> fixed_side(const GstCaps* caps, const char* side);

/// What decides the output beside its size.
struct Preference {
  GstVideoInfo source;      ///< colours and format that are best kept
  GstCaps* last = nullptr;  ///< the caps until now, kept when they are still possible
};

/// The fixed caps of size `canvas` among `possible` that lose least; none when the size or every
/// format is ruled out.
[[nodiscard]] glue::Owned<GstCaps> chosen_caps(GstCaps* possible, Size canvas,
                                               const Preference& preference);

}  // namespace anim
