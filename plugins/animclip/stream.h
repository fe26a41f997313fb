// SPDX-License-Identifier: LGPL-2.1-or-later
// What the sink keeps of a stream.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <gst/gst.h>

#include "gst/core/clip_units.h"
#include "gst/core/group_ring.h"
#include "gst/core/timing.h"
#include "gst/glue/handle.h"

namespace anim {

/// One buffer of the stream, shared by the ring and the clips that show it.
struct StreamBuffer {
  std::shared_ptr<GstBuffer> buffer;
  std::optional<Nanoseconds> decode_time{};  ///< running time
  /// Stream time less running time; nothing where the stream tells no time.
  std::optional<Nanoseconds> stream_offset{};
  /// What makes of its running time when its picture was taken, ns since the Unix epoch.
  std::int64_t wall_offset = 0;
};

/// What the buffers are, until the next change. Compared by address: after each change a decoder
/// begins anew.
struct StreamFormat {
  glue::Owned<GstCaps> caps;
  bool is_raw = false;
};
using Format = std::shared_ptr<const StreamFormat>;

using Unit = RingUnit<StreamBuffer>;
using Ring = GroupRing<StreamBuffer, Format>;
using Span = GroupSpan<StreamBuffer, Format>;
using Stretch = ClipStretch<StreamBuffer, Format>;
using Units = ClipUnits<StreamBuffer, Format>;

}  // namespace anim
