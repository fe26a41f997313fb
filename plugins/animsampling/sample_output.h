// SPDX-License-Identifier: LGPL-2.1-or-later
// Sends samples downstream: the output's own segment, timestamps, repeats, the end.
#pragma once

#include <gst/gst.h>

#include "gst/core/sampling.h"
#include "gst/glue/handle.h"
#include "plugins/animsampling/stream_progress.h"

namespace anim {

/// Of the streaming thread. Retimed output has a segment of its own, from 0, sent before anything
/// else; with the frames' own timestamps the input's segment passes instead.
class SampleOutput {
 public:
  /// `src` (not owned) and `progress` must outlive this.
  SampleOutput(GstPad* src, StreamProgress& progress) : src_(src), progress_(progress) {}

  /// Nothing was sent since start or flush.
  void start_over(bool retime);

  /// Of the events that are made here: that of the input's segment.
  void set_seqnum(guint32 seqnum) { seqnum_ = seqnum; }
  /// Where a segment that begins now is in the output as a whole: says where a seek went.
  void set_stream_start(Nanoseconds time) { stream_start_ = time; }

  [[nodiscard]] bool has_segment() const { return has_segment_; }
  /// Sends the segment, once; not when the input's passes.
  void begin();
  /// The input's segment is on its way.
  void let_segment_pass() { has_segment_ = true; }

  /// The next sample follows a gap.
  void mark_discont() { is_discont_ = true; }

  /// Sends the frame as often as the run of `sampler` says; the copies share its memory.
  GstFlowReturn push(glue::Owned<GstBuffer> frame, const Run& run, const Sampler& sampler);

  /// Sends EOS; nothing may follow before start_over(). False when it was refused.
  bool end(glue::Owned<GstEvent> eos);
  /// The same with an EOS of our own.
  void end();
  [[nodiscard]] bool has_ended() const { return has_ended_; }

 private:
  GstFlowReturn push_sample(glue::Owned<GstBuffer> buffer, const Sample& sample);
  void push_own(GstEvent* event);

  GstPad* src_;
  StreamProgress& progress_;
  bool retime_ = true;
  Nanoseconds stream_start_{0};
  guint32 seqnum_ = GST_SEQNUM_INVALID;
  bool has_segment_ = false;  ///< was sent since start or flush
  bool has_ended_ = false;    ///< EOS went downstream
  bool is_discont_ = true;
};

}  // namespace anim
