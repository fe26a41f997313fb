// SPDX-License-Identifier: LGPL-2.1-or-later
// What lies between a playlist and the adaptive demuxer that follows it.
#pragma once

#include <functional>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "plugins/animtask/sources/nested_sources.h"

namespace anim {

/// Holds back the data of `type` that goes to an adaptive demuxer through `pad`, a playlist of at
/// most 16 MiB, until it is there; then passes what the demuxer may follow: of HLS closed_hls(), of
/// DASH the manifest itself, when it is whole in itself (check_dash()) and names nothing else than
/// the rules allow. Otherwise calls `refuse` once and lets nothing pass. The demuxer is told of a
/// place without anything to read: it reads a playlist again by itself when a segment fails.
void gate_playlist(GstPad* pad, const GstCaps* type, NestedRules rules,
                   std::function<void(Error)> refuse);

}  // namespace anim
