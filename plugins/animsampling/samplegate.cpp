// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-samplegate
 * @title: samplegate
 * @short_description: drops encoded units that no sample needs, before they are decoded
 *
 * Put it between the parser and the decoder and give it the settings of the intervalsampler behind
 * the decoder. It reads the units' own headers, works out which frames the sampler will show, and
 * drops every unit on which none of those depends: whole groups of pictures, what follows the last
 * wanted frame of a group, and pictures that nothing refers to. The samples are bit for bit those
 * of decoding everything.
 *
 * There are rules for H.264, H.265, VP8, VP9, AV1, MPEG-1, MPEG-2, MPEG-4 part 2, and codecs whose
 * every unit is a whole picture (MJPEG, ProRes, DNxHD, DV). Any other stream passes whole, and so
 * does one whose timestamps are missing or leave a doubt. A unit waits until it is known whether a
 * wanted frame depends on it: for a group of pictures at most, and within 64 MiB or 4096 units;
 * beyond that references pass undecided. A live stream is late by as much.
 *
 * With mode=key random access points alone pass, and the intervalsampler behind the decoder, with
 * mode=key too, is told which frames they are. What cannot be told is an error then.
 *
 * When the last wanted frame has passed, the stream ends: EOS downstream, and upstream is told.
 * With seek-gaps=true, long stretches of which nothing is wanted are not even read: the gate seeks
 * over them, and the decoder does not notice.
 *
 * ## Example pipelines
 * |[
 * gst-launch-1.0 filesrc location=video.mp4 ! parsebin ! samplegate rate=1/1 ! decodebin !
 * intervalsampler rate=1/1 frame-rate=10/1 ! fitscale width=0.5 height=0.5 ! animwebpenc ! filesink
 * location=video.webp
 * ]| One frame of every second; the others are decoded only where those need them.
 */
#include "plugins/animsampling/samplegate.h"

#include <string>
#include <utility>

#include "gst/glue/report.h"

namespace anim {

using glue::adopt;
using glue::Owned;

SampleGate::SampleGate(GstElement* self)
    : FilterElement(self), waiting_(src_), output_(src_, counts_), gap_seek_(self, sink_) {
  for (GstPad* pad : {sink_, src_}) {
    GST_PAD_SET_PROXY_CAPS(pad);
    GST_PAD_SET_PROXY_SCHEDULING(pad);
  }
  gst_pad_set_event_function(src_, (glue::pad_function<SampleGate, &SampleGate::src_event>));
}

// ---- Start ----

void SampleGate::start() {
  run_settings_ = settings.copy();
  counts_.change([](UnitCounts& counts) { counts = {}; });
  input_.reset();
  start_over();
  output_.reset(run_settings_.wants_keys());
  gap_seek_.open();
}

void SampleGate::start_over() {
  for (Bytes& headers : waiting_.clear()) output_.headers().keep(std::move(headers));
  gate_.reset();
  output_.start_over();
  gap_seek_.start_over(run_settings_.seek_gaps);
  missing_.reset();
  has_ended_ = false;
}

// Where the sampler behind the decoder has its zero, the gate has it too.
void SampleGate::begin_gate() {
  const bool is_in_the_middle = input_.segment().begins_in_the_middle();
  gate_.emplace(run_settings_.demand(is_in_the_middle ? Zero::SegmentStart : Zero::FirstFrame),
                unit_order(input_.codec()));
  output_.headers().begin(input_.codec());
}

// ---- Events ----

gboolean SampleGate::src_event(GstPad* /*pad*/, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEEK) {
    return static_cast<gboolean>(gap_seek_.pass_on(event));
  }
  return gst_pad_push_event(sink_, event);
}

bool SampleGate::take_event(Owned<GstEvent> event) {
  if (!GST_EVENT_IS_SERIALIZED(event.get())) return take_at_once(std::move(event));
  if (GST_EVENT_TYPE(event.get()) == GST_EVENT_FLUSH_STOP) return take_flush_stop(std::move(event));
  if (gap_seek_.is_away()) return take_event_away(std::move(event));
  switch (GST_EVENT_TYPE(event.get())) {
    case GST_EVENT_CAPS:
      return take_caps(std::move(event));
    case GST_EVENT_SEGMENT:
      return take_segment(std::move(event));
    case GST_EVENT_GAP:
      return take_pause(std::move(event));
    case GST_EVENT_EOS:
      return take_eos(std::move(event));
    case GST_EVENT_STREAM_START:
      return take_stream_start(std::move(event));
    case GST_EVENT_SEGMENT_DONE:
      // The sampler goes on counting; what follows is nothing that the gate could foresee.
      let_all_pass();
      finish_waiting();
      return forward(std::move(event));
    default:
      return forward(std::move(event));
  }
}

// In any thread: the streaming one's state is not to be looked at.
bool SampleGate::take_at_once(Owned<GstEvent> event) {
  if (GST_EVENT_TYPE(event.get()) == GST_EVENT_FLUSH_START) {
    // That of a seek over a gap does not concern downstream.
    if (gap_seek_.take_flush(event.get())) return true;
    gap_seek_.forget();
  }
  return pass_on(std::move(event));
}

// In order with the units.
bool SampleGate::forward(Owned<GstEvent> event) {
  const bool is_taken = waiting_.forward(std::move(event));
  if (!waiting_.is_too_long()) return is_taken;
  let_all_pass();
  finish_waiting();
  return true;
}

bool SampleGate::take_caps(Owned<GstEvent> event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event.get(), &caps);
  if (!input_.is_known(caps)) {
    auto format = unit_format(caps);
    const bool is_other_codec = gate_ && input_.is_other_codec(format);
    if (is_other_codec) let_all_pass();
    // Parameter sets in the framing of the caps before are of no use beside new ones, and none in
    // another codec.
    if (input_.is_other_codec(format) || !format->codec_data.empty()) {
      output_.headers().clear();
      waiting_.forget_headers();
    }
    input_.set_format(std::move(format));
    if (!is_other_codec) input_.read_on();
  }
  return forward(std::move(event));
}

bool SampleGate::take_segment(Owned<GstEvent> event) {
  event = gap_seek_.in_running_time(std::move(event));
  output_.set_seqnum(gst_event_get_seqnum(event.get()));
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  const bool is_moved = gate_ && !input_.segment().maps_like(*segment);
  input_.begin(*segment);
  if (input_.is_segment_doubtful()) let_all_pass();
  // matroskademux moves the first one when another stream turns out to begin earlier.
  if (is_moved) {
    gate_->change_times(input_.segment().running_time(segment->start).value_or(kForever));
  }
  return forward(std::move(event));
}

bool SampleGate::take_flush_stop(Owned<GstEvent> event) {
  if (gap_seek_.is_ours(event.get())) {
    input_.read_on();
    return true;
  }
  waiting_.store_sticky_events();
  start_over();
  input_.flush();
  input_.read_on();
  return pass_on(std::move(event));
}

// A GAP tells the decoder that there will be no frame before it. Where units are left out there may
// have been none so far, and the decoder would make up caps. One of missing frames at the end goes
// on when all that is wanted has passed: the last frame stays on screen.
bool SampleGate::take_pause(Owned<GstEvent> event) {
  if (!gate_ || gate_->passes_all()) return forward(std::move(event));
  if (input_.segment().missing_until(event.get())) missing_ = std::move(event);
  return true;
}

bool SampleGate::take_eos(Owned<GstEvent> event) {
  if (has_ended_) return true;
  gap_seek_.stay();
  if (gate_) gate_->end(missing_ ? input_.segment().missing_until(missing_.get()) : std::nullopt);
  finish_waiting();
  if (missing_) forward(std::exchange(missing_, nullptr));
  if (gate_) output_.tell_end(gate_->end_time());
  has_ended_ = true;
  return forward(std::move(event));
}

// A stream that follows an end is a new one.
bool SampleGate::take_stream_start(Owned<GstEvent> event) {
  if (has_ended_) {
    start_over();
    input_.end_stream();
    input_.read_on();
  }
  return forward(std::move(event));
}

// ---- Units ----

GstFlowReturn SampleGate::chain(GstPad* /*pad*/, GstBuffer* given) {
  auto buffer = adopt(given);
  if (gap_seek_.is_away() && !has_ended_) return take_away(std::move(buffer));
  if (has_ended_) {
    counts_.change([](UnitCounts& counts) { ++counts.in; });
    output_.drop(DropReason::AfterEnd, {});
    return GST_FLOW_EOS;
  }
  if (!input_.reads() && output_.tells_keys()) return fail_without_keys();
  if (!input_.reads() && waiting_.is_empty()) {
    counts_.change([](UnitCounts& counts) { ++counts.in; });
    return output_.pass(std::move(buffer));
  }
  if (!gate_) begin_gate();
  auto unit = input_.read(given);
  return take(std::move(buffer), std::move(unit));
}

// Tells the gate of the next unit, and does what is decided then.
GstFlowReturn SampleGate::take(Owned<GstBuffer> buffer, std::optional<UnitReader::Unit> unit) {
  counts_.change([](UnitCounts& counts) { ++counts.in; });
  missing_.reset();
  gap_seek_.mark(buffer.get(), input_.segment().stream_time(buffer.get()));
  if (!unit) let_all_pass();
  gate_->add(unit ? unit->unit : GateUnit{});
  if (gate_->passes_all()) input_.stop_reading();
  if (!input_.reads() && output_.tells_keys()) return fail_without_keys();
  waiting_.add({std::move(buffer), unit ? std::move(unit->headers) : Bytes()});
  const GstFlowReturn flow = push_decided();
  if (flow != GST_FLOW_OK) return flow;
  if (gate_->is_done()) {
    output_.tell_end(gate_->end_time());
    has_ended_ = true;
    output_.end();
    return GST_FLOW_EOS;
  }
  const auto gap = gap_seek_.is_enabled() ? gate_->gap() : std::nullopt;
  return gap && gap_seek_.leave(*gap, input_.segment()) ? GST_FLOW_FLUSHING : GST_FLOW_OK;
}

GstFlowReturn SampleGate::push_decided() {
  for (waiting_.send_events(); !waiting_.is_empty(); waiting_.send_events()) {
    const auto decision = gate_->next();
    if (!decision) break;
    const GstFlowReturn flow = output_.carry_out(*decision, waiting_.take());
    if (flow != GST_FLOW_OK) return flow;
    if (output_.headers().is_too_much()) let_all_pass();
  }
  return GST_FLOW_OK;
}

// Everything that waits is decided. When downstream takes no more units, the events still go.
void SampleGate::finish_waiting() {
  if (push_decided() != GST_FLOW_OK) waiting_.forget_units();
}

// A doubt: what has not been dropped yet passes, and so does all that follows.
void SampleGate::let_all_pass() {
  if (gate_) gate_->pass_all();
  input_.stop_reading();
}

// Better no picture than wrong ones: the flags of units say nothing that could be relied on.
GstFlowReturn SampleGate::fail_without_keys() {
  const auto caps = adopt(gst_pad_get_current_caps(sink_));
  const char* type =
      caps ? gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)) : "unknown type";
  return glue::fail(self_,
                    {ErrorCode::Unsupported,
                     std::string("mode=key: the random access points of this stream (") + type +
                         ") cannot be told: its codec has no rule here, or its units do not say "
                         "for certain when they are shown",
                     {}});
}

// ---- Gaps ----

// What comes after a seek over a gap is known already, or belongs to a place that may be the wrong
// one. Another one's EOS ends the stream here.
bool SampleGate::take_event_away(Owned<GstEvent> event) {
  switch (GST_EVENT_TYPE(event.get())) {
    case GST_EVENT_SEGMENT: {
      const GstSegment* segment = nullptr;
      gst_event_parse_segment(event.get(), &segment);
      gap_seek_.take_segment(input_.segment(), *segment);
      return true;
    }
    case GST_EVENT_CAPS: {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event.get(), &caps);
      if (!input_.is_known(caps)) gap_seek_.note_other_format();
      return true;
    }
    case GST_EVENT_EOS:
      if (!gap_seek_.is_ours(event.get())) return take_eos(std::move(event));
      // Not accepted, or the pad might store it after the flush that follows, and take no units.
      return go_back() != GST_FLOW_FLUSHING && take_eos(std::move(event));
    default:
      return true;
  }
}

// A unit that comes after a seek over a gap.
GstFlowReturn SampleGate::take_away(Owned<GstBuffer> buffer) {
  auto unit = input_.read(buffer.get());
  const bool lands = gap_seek_.is_landing() && unit && gate_->lands_at(unit->unit);
  switch (gap_seek_.arrive(buffer.get(), lands)) {
    case GapSeek::Arrival::New:
      counts_.change([](UnitCounts& counts) { ++counts.gaps; });
      return take(std::move(buffer), std::move(unit));
    case GapSeek::Arrival::Seen:
      return GST_FLOW_OK;
    case GapSeek::Arrival::Lost:
      break;
  }
  return go_back();
}

// The seek has led somewhere else. Where reading was left, it can go on.
GstFlowReturn SampleGate::go_back() {
  if (gap_seek_.go_back()) return GST_FLOW_FLUSHING;
  return glue::fail(self_,
                    {ErrorCode::ReadFailed,
                     "a seek over a gap failed, and the source does not lead back to where it was "
                     "left; seek-gaps=false reads through instead",
                     {}});
}

bool register_samplegate(GstPlugin* plugin) {
  return register_filter<SampleGate>(plugin);
}

}  // namespace anim
