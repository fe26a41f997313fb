// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/unit_output.h"

#include <utility>

#include <gst/video/video.h>

#include "plugins/animsampling/key_events.h"

namespace anim {

using glue::Owned;

void UnitOutput::reset(bool tells_keys) {
  seqnum_ = GST_SEQNUM_INVALID;
  tells_keys_ = tells_keys;
  headers_.clear();
  start_over();
}

GstFlowReturn UnitOutput::carry_out(const GateDecision& decision, WaitingUnit unit) {
  if (decision.drop) {
    drop(*decision.drop, std::move(unit.headers));
    return GST_FLOW_OK;
  }
  return push(headers_.put_before(std::move(unit.buffer), unit.headers), decision);
}

GstFlowReturn UnitOutput::push(Owned<GstBuffer> unit, const GateDecision& decision) {
  counts_.change([](UnitCounts& counts) { ++counts.passed; });
  if (decision.begins_anew) drain_decoder();
  if (tells_keys_) tell_of_key(unit.get(), decision.is_entry);
  return gst_pad_push(src_, unit.release());
}

void UnitOutput::drop(DropReason reason, Bytes headers) {
  headers_.keep(std::move(headers));
  counts_.change([reason](UnitCounts& counts) { counts.drop(reason); });
}

// The decoder gives out what it holds, and forgets the references that it would miss. The beginning
// of a still frame drains parsers and decoders, its end leaves all as it was. No GAP: a decoder
// that holds its first frames back would make up caps.
void UnitOutput::drain_decoder() {
  gst_pad_push_event(src_, gst_video_event_new_still_frame(TRUE));
  gst_pad_push_event(src_, gst_video_event_new_still_frame(FALSE));
}

// Before the unit is pushed.
void UnitOutput::tell_of_key(GstBuffer* unit, bool is_entry) {
  if (!std::exchange(has_told_, true)) {
    gst_pad_push_event(src_, new_random_access_event().release());
  }
  if (is_entry) gst_pad_push_event(src_, new_random_access_event(GST_BUFFER_PTS(unit)).release());
}

void UnitOutput::tell_end(std::optional<Nanoseconds> time) {
  if (tells_keys_ && time) gst_pad_push_event(src_, new_end_event(*time).release());
}

void UnitOutput::end() {
  GstEvent* eos = gst_event_new_eos();
  if (seqnum_ != GST_SEQNUM_INVALID) gst_event_set_seqnum(eos, seqnum_);
  gst_pad_push_event(src_, eos);
}

}  // namespace anim
