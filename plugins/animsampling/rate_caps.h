// SPDX-License-Identifier: LGPL-2.1-or-later
// The frame rate in caps: what it says of a source, and what becomes of it on the way through.
#pragma once

#include <gst/gst.h>

#include "gst/core/sampling.h"
#include "gst/glue/handle.h"
#include "plugins/animsampling/settings.h"

namespace anim {

/// The framerate of fixed caps as ns between frames; 0 = variable or unknown.
[[nodiscard]] Rational frame_distance(const GstCaps* caps);
/// That of the caps that `pad` has now; 0 without any.
[[nodiscard]] Rational frame_distance(GstPad* pad);

/// How settings change the frame rate of caps between the two pads.
class RateCaps {
 public:
  explicit RateCaps(const SamplingSettings& settings)
      : plan_(settings.plan()), retime_(settings.retime) {}

  /// What leaves when `caps` come in.
  [[nodiscard]] glue::Owned<GstCaps> with_output_rate(const GstCaps* caps) const;

  /// What `sink` takes: what downstream of `src` takes of our rate, at any rate.
  /// `filter` may be null.
  [[nodiscard]] glue::Owned<GstCaps> upstream_may_send(GstPad* sink, GstPad* src,
                                                       GstCaps* filter) const;

  /// What `src` may send: what upstream of `sink` sends, at our rate. `filter` may be null.
  [[nodiscard]] glue::Owned<GstCaps> downstream_may_get(GstPad* sink, GstPad* src,
                                                        GstCaps* filter) const;

 private:
  [[nodiscard]] bool renames_rate() const;
  void write_rate(GstStructure* structure) const;

  SamplingPlan plan_;
  bool retime_;
};

}  // namespace anim
