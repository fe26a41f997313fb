// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/sample_output.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "gst/glue/clock_time.h"

namespace anim {

using glue::adopt;
using glue::Owned;

void SampleOutput::start_over(bool retime) {
  retime_ = retime;
  has_segment_ = false;
  has_ended_ = false;
  is_discont_ = true;
}

void SampleOutput::push_own(GstEvent* event) {
  if (seqnum_ != GST_SEQNUM_INVALID) gst_event_set_seqnum(event, seqnum_);
  gst_pad_push_event(src_, event);
}

void SampleOutput::begin() {
  if (has_segment_ || !retime_) return;
  has_segment_ = true;
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.time = clock_time(stream_start_);
  segment.position = 0;
  progress_.begin_output(segment);
  push_own(gst_event_new_segment(&segment));
}

GstFlowReturn SampleOutput::push(Owned<GstBuffer> frame, const Run& run, const Sampler& sampler) {
  const std::uint64_t outputs = retime_ ? run.count : std::min<std::uint64_t>(run.count, 1);
  if (outputs == 0) progress_.add({.dropped = 1});
  if (outputs > 1) progress_.add({.duplicated = outputs - 1});
  for (std::uint64_t i = 0; i < outputs; ++i) {
    const bool is_last = i + 1 == outputs;
    GstBuffer* buffer = is_last ? gst_buffer_make_writable(frame.release())
                                : gst_buffer_copy(frame.get());  // shares the memory
    const GstFlowReturn flow = push_sample(adopt(buffer), sampler.sample(run, i));
    if (flow != GST_FLOW_OK) return flow;
  }
  return GST_FLOW_OK;
}

GstFlowReturn SampleOutput::push_sample(Owned<GstBuffer> buffer, const Sample& sample) {
  begin();
  GstBuffer* out = buffer.get();
  GST_BUFFER_OFFSET(out) = sample.index;
  GST_BUFFER_OFFSET_END(out) = sample.index + 1;
  if (retime_) {
    GST_BUFFER_PTS(out) = clock_time(sample.time);
    GST_BUFFER_DURATION(out) = clock_time(sample.duration);
  }
  GST_BUFFER_DTS(out) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_FLAG_UNSET(out, GST_BUFFER_FLAG_DISCONT);
  if (std::exchange(is_discont_, false)) GST_BUFFER_FLAG_SET(out, GST_BUFFER_FLAG_DISCONT);
  progress_.add({.out = 1});
  progress_.set_output_position(sample.time);
  return gst_pad_push(src_, buffer.release());
}

bool SampleOutput::end(Owned<GstEvent> eos) {
  has_ended_ = true;
  begin();
  return gst_pad_push_event(src_, eos.release()) != FALSE;
}

void SampleOutput::end() {
  has_ended_ = true;
  begin();
  push_own(gst_event_new_eos());
}

}  // namespace anim
