// SPDX-License-Identifier: LGPL-2.1-or-later
// A seek in the output's time, and the same one in the source's.
#pragma once

#include <gst/gst.h>

#include "gst/core/sampling.h"
#include "gst/glue/handle.h"

namespace anim {

/// What a SEEK event asks for.
struct Seek {
  /// One end of what to play. -1 = none.
  struct Edge {
    GstSeekType type = GST_SEEK_TYPE_NONE;
    gint64 position = 0;
  };
  gdouble rate = 1;
  GstFormat format = GST_FORMAT_UNDEFINED;
  GstSeekFlags flags = GST_SEEK_FLAG_NONE;
  Edge start;
  Edge stop;
  guint32 seqnum = GST_SEQNUM_INVALID;

  [[nodiscard]] static Seek of(GstEvent* event);
  [[nodiscard]] glue::Owned<GstEvent> event() const;

  [[nodiscard]] bool has_stop() const {
    return stop.type != GST_SEEK_TYPE_NONE && stop.position != -1;
  }

  /// The seek in the source for one in the output of `plan`. `stream_zero`: the stream time at
  /// which the source begins.
  [[nodiscard]] Seek in_source(const SamplingPlan& plan, Nanoseconds stream_zero) const;
};

}  // namespace anim
