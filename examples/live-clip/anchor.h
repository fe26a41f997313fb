// SPDX-License-Identifier: LGPL-2.1-or-later
// Ties the times of a stream to the clock of a pipeline that is playing already.
#pragma once

#include <mutex>

#include <gst/gst.h>

namespace live_clip {

/// A live source (RTSP, SRT, UDP) stamps its buffers with the time of their arrival. Of any other
/// (RTMP, HLS, files) the first buffer would count as the time at which the pipeline began, however
/// long ago that was. This shifts all pads of such a source, so that its first buffer counts as
/// now, and shifts anew when times jump, or fall behind because the network stood still.
class Anchor {
 public:
  /// `pipeline` is that of all pads, and outlives this.
  explicit Anchor(GstElement* pipeline) : pipeline_(pipeline) {}

  /// Watches a source pad before anything has passed it. Only the times of pads that `lead` shift
  /// the others: one of each source does. The anchor outlives the pad's last buffer.
  void attach(GstPad* pad, bool leads);

 private:
  static GstPadProbeReturn on_buffer(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn on_leading_buffer(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void follow(GstPad* pad, GstBuffer* buffer, bool leads);
  [[nodiscard]] bool is_off(GstClockTimeDiff early) const;

  GstElement* pipeline_;
  std::mutex mutex_;
  bool is_anchored_ = false;    // under mutex_
  GstClockTimeDiff shift_ = 0;  // under mutex_: what is added to all times of the source
};

}  // namespace live_clip
