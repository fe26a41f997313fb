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

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gst/gst.h>
#include <gst/video/video.h>

#include "gst/core/unit_gate.h"
#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "gst/glue/report.h"
#include "gst/glue/unit_format.h"
#include "gst/glue/unit_reader.h"
#include "plugins/animsampling/gap_seek.h"
#include "plugins/animsampling/gate_headers.h"
#include "plugins/animsampling/gate_settings.h"
#include "plugins/animsampling/input_segment.h"
#include "plugins/animsampling/key_events.h"
#include "plugins/animsampling/waiting_units.h"

GST_DEBUG_CATEGORY_STATIC(samplegate_debug);
#define GST_CAT_DEFAULT samplegate_debug

namespace anim {
namespace {

using namespace glue;

/// Units so far, as the property `stats` tells them.
struct UnitCounts {
  std::uint64_t in = 0;
  std::uint64_t passed = 0;
  std::uint64_t disposable = 0;
  std::uint64_t unused = 0;
  std::uint64_t after_end = 0;
  std::uint64_t gaps = 0;  ///< that were gone around
};

//   units -> UnitReader (roles), InputSegment (times) -> UnitGate -> decisions
//         -> waiting_ (in order, with the events between them) -> passed or dropped
class SampleGate {
 public:
  using Parent = GstElement;
  using ParentClass = GstElementClass;
  using Settings = GateSettings;
  static constexpr const char* kTypeName = "GstSampleGate";
  static GType parent_type() { return GST_TYPE_ELEMENT; }

  Guarded<Settings> settings;

  explicit SampleGate(GstElement* self);
  static const std::vector<Property<SampleGate>>& properties();
  static void class_init(GstElementClass* klass);

  GstStateChangeReturn change_state(GstStateChange transition);
  GstFlowReturn chain(GstPad* pad, GstBuffer* buffer);
  gboolean sink_event(GstPad* pad, GstEvent* event);
  gboolean src_event(GstPad* pad, GstEvent* event);
  GstStructure* stats();

 private:
  void start_over();
  void begin_gate();
  bool take_event(Owned<GstEvent> event);
  bool take_gap_flush(GstEvent* event);
  bool take_event_away(Owned<GstEvent> event);
  bool take_caps(Owned<GstEvent> event);
  bool take_segment(Owned<GstEvent> event);
  bool take_flush_stop(Owned<GstEvent> event);
  bool take_pause(Owned<GstEvent> event);
  bool take_eos(Owned<GstEvent> event);
  bool take_stream_start(Owned<GstEvent> event);
  bool forward(Owned<GstEvent> event);

  [[nodiscard]] std::optional<UnitReader::Unit> read(GstBuffer* buffer);
  [[nodiscard]] GstFlowReturn take(Owned<GstBuffer> buffer, std::optional<UnitReader::Unit> unit);
  [[nodiscard]] GapSeek::Arrival arrive(GstBuffer* buffer,
                                        const std::optional<UnitReader::Unit>& unit);
  [[nodiscard]] GstFlowReturn go_back();
  [[nodiscard]] GstFlowReturn leave_gap();
  [[nodiscard]] std::optional<Nanoseconds> position_after(const Gap& gap) const;
  void let_all_pass();
  void renew_reader();
  [[nodiscard]] bool is_known_format(GstCaps* caps) const;
  void forget_headers();
  void finish_waiting();
  [[nodiscard]] GstFlowReturn push_decided();
  [[nodiscard]] GstFlowReturn carry_out(const GateDecision& decision, WaitingUnit unit);
  [[nodiscard]] GstFlowReturn pass(Owned<GstBuffer> buffer, const GateDecision& decision);
  void drain_decoder();
  void tell_of_key(GstBuffer* unit, bool is_entry);
  void tell_end();
  [[nodiscard]] GstFlowReturn fail_without_keys();
  void drop(DropReason reason, Bytes headers);

  GstElement* self_;
  GstPad* sink_;  // owned by self_
  GstPad* src_;   // owned by self_
  Guarded<UnitCounts> counts_;

  // Of the streaming thread.
  GateSettings run_settings_;  ///< of this run
  std::optional<UnitFormat> format_;
  std::optional<UnitReader> reader_;  ///< none: all passes
  std::optional<UnitGate> gate_;      ///< from the first unit on
  InputSegment input_;
  WaitingUnits waiting_;
  GateHeaders headers_;
  GapSeek gap_seek_;
  bool is_segment_doubtful_ = false;  ///< it plays backwards, or not in time
  bool after_flush_ = false;
  bool has_ended_ = false;
  bool tells_keys_ = false;  ///< some sampler wants random access points
  bool has_told_ = false;    ///< that it will tell of them
};

SampleGate::SampleGate(GstElement* self)
    : self_(self),
      sink_(add_pad(self, "sink")),
      src_(add_pad(self, "src")),
      waiting_(src_),
      gap_seek_(self, sink_) {
  for (GstPad* pad : {sink_, src_}) {
    GST_PAD_SET_PROXY_CAPS(pad);
    GST_PAD_SET_PROXY_SCHEDULING(pad);
  }
  gst_pad_set_chain_function(sink_, (pad_function<SampleGate, &SampleGate::chain>));
  gst_pad_set_event_function(sink_, (pad_function<SampleGate, &SampleGate::sink_event>));
  gst_pad_set_event_function(src_, (pad_function<SampleGate, &SampleGate::src_event>));
}

Property<SampleGate> wanted_property() {
  constexpr const char* kBlurb =
      "The samplers behind the decoder when there are several: structures with interval, rate, "
      "start-time, stop-time, max-frames, mode; the properties of those names do not count then "
      "(empty = they do)";
  return {
      [] {
        constexpr auto kFlags = static_cast<GParamFlags>(Mutable::Ready);
        return gst_param_spec_array(
            "wanted", "wanted", kBlurb,
            g_param_spec_boxed("sampler", "sampler", "One sampler", GST_TYPE_STRUCTURE, kFlags),
            kFlags);
      },
      [](SampleGate& gate, const GValue* value) {
        auto samplers = samplers_of(value);
        gate.settings.change([&](GateSettings& s) { s.wanted = std::move(samplers); });
      },
      [](SampleGate& gate, GValue* value) { put_samplers(value, gate.settings.copy().wanted); }};
}

const std::vector<Property<SampleGate>>& SampleGate::properties() {
  static const std::vector<Property<SampleGate>> table = {
      uint64_property<SampleGate>("interval",
                                  "As intervalsampler's: nanoseconds between samples (0 = every "
                                  "frame)",
                                  &Settings::interval, G_MAXINT64),
      fraction_property<SampleGate>(
          "rate", "As intervalsampler's: samples per second; wins over interval (0/1 = interval)",
          &Settings::rate),
      uint64_property<SampleGate>(
          "max-frames", "As intervalsampler's: samples after which the stream ends (0 = no limit)",
          &Settings::max_frames),
      uint64_property<SampleGate>(
          "start-time",
          "As intervalsampler's: nanoseconds from the source's first frame to the first sample",
          &Settings::start_time, G_MAXINT64),
      uint64_property<SampleGate>(
          "stop-time",
          "As intervalsampler's: no sample at or after this time, in nanoseconds from the source's "
          "first frame (18446744073709551615 = to the end)",
          &Settings::stop_time),
      uint64_property<SampleGate>(
          "keep-end",
          "Also pass what shows where the stream ends: the frame on screen before this time, in "
          "nanoseconds from the source's first frame, or the last one when the stream ends earlier "
          "(18446744073709551615 = not wanted)",
          &Settings::keep_end),
      enum_property<SampleGate>(
          "mode",
          "As intervalsampler's: what samples are; with key only random access points pass, and "
          "the sampler is told which they are",
          &Settings::mode),
      bool_property<SampleGate>(
          "seek-gaps",
          "Seek over what lies between wanted frames that are many groups of pictures apart, "
          "instead of reading it; only where nothing else plays from the same source",
          &Settings::seek_gaps),
      wanted_property(),
      structure_property<SampleGate>("stats",
                                     "Units so far: units-in, passed, dropped-disposable, "
                                     "dropped-unused, dropped-after-end; gaps gone around by "
                                     "seeking: gap-seeks",
                                     &SampleGate::stats),
  };
  return table;
}

void SampleGate::class_init(GstElementClass* klass) {
  install_properties<SampleGate>(klass);
  add_pad_template(klass, "sink", GST_PAD_SINK, gst_caps_from_string(kGateCaps));
  add_pad_template(klass, "src", GST_PAD_SRC, gst_caps_from_string(kGateCaps));
  gst_element_class_set_static_metadata(
      klass, "Sample gate", "Filter/Video",
      "Drops encoded units that no sample of an intervalsampler needs, before they are decoded",
      "The gst-plugins-anim developers");
  klass->change_state = vfunc<SampleGate, &SampleGate::change_state>;
}

GstStructure* SampleGate::stats() {
  const UnitCounts counts = counts_.copy();
  return gst_structure_new("application/x-samplegate-stats", "units-in", G_TYPE_UINT64, counts.in,
                           "passed", G_TYPE_UINT64, counts.passed, "dropped-disposable",
                           G_TYPE_UINT64, counts.disposable, "dropped-unused", G_TYPE_UINT64,
                           counts.unused, "dropped-after-end", G_TYPE_UINT64, counts.after_end,
                           "gap-seeks", G_TYPE_UINT64, counts.gaps, nullptr);
}

// ---- Start ----

GstStateChangeReturn SampleGate::change_state(GstStateChange transition) {
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    run_settings_ = settings.copy();
    tells_keys_ = run_settings_.wants_keys();
    counts_.change([](UnitCounts& counts) { counts = {}; });
    after_flush_ = false;
    format_.reset();
    reader_.reset();
    input_.reset();
    is_segment_doubtful_ = false;
    start_over();
    headers_.clear();
  }
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) gap_seek_.open();
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) gap_seek_.close();
  const auto result = parent_class<SampleGate>()->change_state(self_, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) start_over();
  return result;
}

void SampleGate::start_over() {
  // Parameter sets outlive a flush, in decoders too.
  for (Bytes& headers : waiting_.clear()) headers_.keep(std::move(headers));
  gate_.reset();
  gap_seek_.start_over(settings.copy().seek_gaps);
  has_ended_ = false;
  has_told_ = false;
}

// Where the sampler behind the decoder has its zero, the gate has it too.
void SampleGate::begin_gate() {
  const bool is_in_the_middle = after_flush_ && !input_.starts_at_zero();
  gate_.emplace(run_settings_.demand(is_in_the_middle ? Zero::SegmentStart : Zero::FirstFrame),
                unit_order(format_->codec));
  headers_.begin(format_->codec);
}

// ---- Events ----

gboolean SampleGate::sink_event(GstPad* /*pad*/, GstEvent* event) {
  return static_cast<gboolean>(take_event(adopt(event)));
}

gboolean SampleGate::src_event(GstPad* /*pad*/, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEEK) {
    return static_cast<gboolean>(gap_seek_.pass_on(event));
  }
  return gst_pad_push_event(sink_, event);
}

bool SampleGate::take_event(Owned<GstEvent> event) {
  const bool is_flush = GST_EVENT_TYPE(event.get()) == GST_EVENT_FLUSH_START ||
                        GST_EVENT_TYPE(event.get()) == GST_EVENT_FLUSH_STOP;
  if (is_flush && gap_seek_.is_ours(event.get())) return take_gap_flush(event.get());
  if (!is_flush && GST_EVENT_IS_SERIALIZED(event.get()) && gap_seek_.is_away()) {
    return take_event_away(std::move(event));
  }
  switch (GST_EVENT_TYPE(event.get())) {
    case GST_EVENT_CAPS:
      return take_caps(std::move(event));
    case GST_EVENT_SEGMENT:
      return take_segment(std::move(event));
    case GST_EVENT_FLUSH_START:
      gap_seek_.forget();
      return forward(std::move(event));
    case GST_EVENT_FLUSH_STOP:
      return take_flush_stop(std::move(event));
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

// Of a seek over a gap, which does not concern downstream.
bool SampleGate::take_gap_flush(GstEvent* event) {
  gap_seek_.take_flush(event);
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP) renew_reader();
  return true;
}

// What comes after a seek over a gap is known already, or belongs to a place that may be the wrong
// one. Another one's EOS ends the stream here.
bool SampleGate::take_event_away(Owned<GstEvent> event) {
  switch (GST_EVENT_TYPE(event.get())) {
    case GST_EVENT_SEGMENT: {
      const GstSegment* segment = nullptr;
      gst_event_parse_segment(event.get(), &segment);
      gap_seek_.take_segment(input_, *segment);
      return true;
    }
    case GST_EVENT_CAPS: {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event.get(), &caps);
      if (!is_known_format(caps)) gap_seek_.note_other_format();
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
  if (!is_known_format(caps)) {
    const auto format = unit_format(caps);
    const bool is_other_codec = gate_ && (!format || !format_ || format->codec != format_->codec);
    if (is_other_codec) let_all_pass();
    // Parameter sets in the framing of the caps before are of no use beside new ones.
    if (format && !format->codec_data.empty()) forget_headers();
    format_ = format;
    reader_.reset();
    if (!is_other_codec) renew_reader();
  }
  return forward(std::move(event));
}

bool SampleGate::is_known_format(GstCaps* caps) const {
  const auto format = unit_format(caps);
  return format && format_ && format->codec == format_->codec &&
         format->codec_data == format_->codec_data;
}

void SampleGate::forget_headers() {
  headers_.clear();
  waiting_.forget_headers();
}

bool SampleGate::take_segment(Owned<GstEvent> event) {
  event = gap_seek_.in_running_time(std::move(event));
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  const bool is_moved = gate_ && !input_.maps_like(*segment);
  is_segment_doubtful_ = segment->format != GST_FORMAT_TIME || segment->rate < 0;
  if (is_segment_doubtful_) let_all_pass();
  input_.begin(*segment, false);
  // matroskademux moves the first one when another stream turns out to begin earlier.
  if (is_moved) gate_->change_times(input_.running_time(segment->start).value_or(kForever));
  return forward(std::move(event));
}

bool SampleGate::take_flush_stop(Owned<GstEvent> event) {
  waiting_.store_sticky_events();
  start_over();
  input_.reset();
  is_segment_doubtful_ = false;
  after_flush_ = true;
  renew_reader();
  return gst_pad_push_event(src_, event.release()) != FALSE;
}

// A GAP tells the sampler nothing, and the decoder that there will be no frame before it. Where
// units are left out there may have been none so far, and the decoder would make up caps.
bool SampleGate::take_pause(Owned<GstEvent> event) {
  return (gate_ && !gate_->passes_all()) || forward(std::move(event));
}

bool SampleGate::take_eos(Owned<GstEvent> event) {
  if (has_ended_) return true;
  gap_seek_.stay();
  if (gate_) gate_->end();
  finish_waiting();
  tell_end();
  has_ended_ = true;
  return forward(std::move(event));
}

// A stream that follows an end is a new one.
bool SampleGate::take_stream_start(Owned<GstEvent> event) {
  if (has_ended_) {
    start_over();
    renew_reader();
  }
  return forward(std::move(event));
}

// Everything that waits is decided. When downstream takes no more units, the events still go.
void SampleGate::finish_waiting() {
  if (push_decided() != GST_FLOW_OK) waiting_.forget_units();
}

// A reader for the units to come, which knows the parameter sets so far.
void SampleGate::renew_reader() {
  if (reader_) {
    reader_->restart();
  } else if (format_ && !is_segment_doubtful_) {
    reader_.emplace(*format_);
  }
}

// ---- Units ----

GstFlowReturn SampleGate::chain(GstPad* /*pad*/, GstBuffer* given) {
  auto buffer = adopt(given);
  if (gap_seek_.is_away() && !has_ended_) {
    auto unit = read(given);
    switch (arrive(given, unit)) {
      case GapSeek::Arrival::New:
        counts_.change([](UnitCounts& counts) { ++counts.gaps; });
        return take(std::move(buffer), std::move(unit));
      case GapSeek::Arrival::Seen:
        return GST_FLOW_OK;
      case GapSeek::Arrival::Lost:
        return go_back();
    }
  }
  if (has_ended_) {
    counts_.change([](UnitCounts& counts) { ++counts.in; });
    drop(DropReason::AfterEnd, {});
    return GST_FLOW_EOS;
  }
  if (!reader_ && tells_keys_) return fail_without_keys();
  if (!reader_ && waiting_.is_empty()) {
    counts_.change([](UnitCounts& counts) { ++counts.in; });
    return pass(std::move(buffer), {});
  }
  if (!gate_) begin_gate();
  auto unit = read(given);
  return take(std::move(buffer), std::move(unit));
}

// Nothing when it is not understood.
std::optional<UnitReader::Unit> SampleGate::read(GstBuffer* buffer) {
  std::optional<UnitReader::Unit> unit;
  if (reader_) unit = reader_->read(buffer);
  if (!unit) return {};
  if (GST_BUFFER_PTS_IS_VALID(buffer)) {
    unit->unit.time = input_.running_time(GST_BUFFER_PTS(buffer));
  }
  unit->unit.duration = input_.running_duration(buffer);
  return unit;
}

// Tells the gate of the next unit, and does what is decided then.
GstFlowReturn SampleGate::take(Owned<GstBuffer> buffer, std::optional<UnitReader::Unit> unit) {
  counts_.change([](UnitCounts& counts) { ++counts.in; });
  gap_seek_.mark(buffer.get(), input_.stream_time(buffer.get()));
  if (!unit) let_all_pass();
  gate_->add(unit ? unit->unit : GateUnit{});
  if (gate_->passes_all()) reader_.reset();
  if (!reader_ && tells_keys_) return fail_without_keys();
  waiting_.add({std::move(buffer), unit ? std::move(unit->headers) : Bytes()});
  const GstFlowReturn flow = push_decided();
  if (flow != GST_FLOW_OK) return flow;
  if (!gate_->is_done()) return leave_gap();
  tell_end();
  has_ended_ = true;
  gst_pad_push_event(src_, gst_event_new_eos());
  return GST_FLOW_EOS;
}

// A doubt: what has not been dropped yet passes, and so does all that follows.
void SampleGate::let_all_pass() {
  if (gate_) gate_->pass_all();
  reader_.reset();
}

GstFlowReturn SampleGate::push_decided() {
  for (waiting_.send_events(); !waiting_.is_empty(); waiting_.send_events()) {
    const auto decision = gate_->next();
    if (!decision) break;
    const GstFlowReturn flow = carry_out(*decision, waiting_.take());
    if (flow != GST_FLOW_OK) return flow;
  }
  return GST_FLOW_OK;
}

GstFlowReturn SampleGate::carry_out(const GateDecision& decision, WaitingUnit unit) {
  if (decision.drop) {
    drop(*decision.drop, std::move(unit.headers));
    return GST_FLOW_OK;
  }
  return pass(headers_.put_before(std::move(unit.buffer), unit.headers), decision);
}

GstFlowReturn SampleGate::pass(Owned<GstBuffer> buffer, const GateDecision& decision) {
  counts_.change([](UnitCounts& counts) { ++counts.passed; });
  if (decision.begins_anew) drain_decoder();
  if (tells_keys_) tell_of_key(buffer.get(), decision.is_entry);
  return gst_pad_push(src_, buffer.release());
}

// Before the unit is pushed.
void SampleGate::tell_of_key(GstBuffer* unit, bool is_entry) {
  if (!std::exchange(has_told_, true)) {
    gst_pad_push_event(src_, new_random_access_event().release());
  }
  if (is_entry) gst_pad_push_event(src_, new_random_access_event(GST_BUFFER_PTS(unit)).release());
}

void SampleGate::tell_end() {
  if (!tells_keys_ || !gate_) return;
  if (const auto end = gate_->end_time()) gst_pad_push_event(src_, new_end_event(*end).release());
}

// Better no picture than wrong ones: the flags of units say nothing that could be relied on.
GstFlowReturn SampleGate::fail_without_keys() {
  const auto caps = adopt(gst_pad_get_current_caps(sink_));
  const char* type =
      caps ? gst_structure_get_name(gst_caps_get_structure(caps.get(), 0)) : "unknown type";
  return fail(self_, {ErrorCode::Unsupported,
                      std::string("mode=key: the random access points of this stream (") + type +
                          ") cannot be told: its codec has no rule here, or its units do not say "
                          "for certain when they are shown",
                      {}});
}

// The decoder gives out what it holds, and forgets the references that it would miss. The beginning
// of a still frame drains parsers and decoders, its end leaves all as it was. No GAP: a decoder
// that holds its first frames back would make up caps.
void SampleGate::drain_decoder() {
  gst_pad_push_event(src_, gst_video_event_new_still_frame(TRUE));
  gst_pad_push_event(src_, gst_video_event_new_still_frame(FALSE));
}

void SampleGate::drop(DropReason reason, Bytes headers) {
  headers_.keep(std::move(headers));
  if (headers_.is_too_much()) let_all_pass();
  counts_.change([reason](UnitCounts& counts) {
    if (reason == DropReason::Disposable) ++counts.disposable;
    if (reason == DropReason::Unused) ++counts.unused;
    if (reason == DropReason::AfterEnd) ++counts.after_end;
  });
}

// ---- Gaps ----

// Seeks over the gap ahead, if there is one.
GstFlowReturn SampleGate::leave_gap() {
  if (!gap_seek_.is_enabled()) return GST_FLOW_OK;
  const auto gap = gate_->gap();
  if (!gap) return GST_FLOW_OK;
  const auto position = position_after(*gap);
  return position && gap_seek_.leave(*position) ? GST_FLOW_FLUSHING : GST_FLOW_OK;
}

// The stream time to seek to; nothing where the gap is to be read.
std::optional<Nanoseconds> SampleGate::position_after(const Gap& gap) const {
  gint64 length = 0;
  if (!input_.is_plain()) return {};
  const auto from = input_.stream_time_at(gap.from);
  const auto until = input_.stream_time_at(gap.until);
  if (!from || !until) return {};
  if (gst_pad_peer_query_duration(sink_, GST_FORMAT_TIME, &length) == FALSE) return {};
  return way_around({.from = *from, .until = *until, .group = gap.group}, Nanoseconds(length));
}

GapSeek::Arrival SampleGate::arrive(GstBuffer* buffer,
                                    const std::optional<UnitReader::Unit>& unit) {
  const bool lands = gap_seek_.is_landing() && unit && gate_->lands_at(unit->unit);
  return gap_seek_.arrive(buffer, lands);
}

// The seek has led somewhere else. Where reading was left, it can go on.
GstFlowReturn SampleGate::go_back() {
  if (gap_seek_.go_back()) return GST_FLOW_FLUSHING;
  return fail(self_, {ErrorCode::ReadFailed,
                      "a seek over a gap failed, and the source does not lead back to where it was "
                      "left; seek-gaps=false reads through instead",
                      {}});
}

}  // namespace

bool register_samplegate(GstPlugin* plugin) {
  GST_DEBUG_CATEGORY_INIT(samplegate_debug, "samplegate", 0, "sample gate");
  return gst_element_register(plugin, "samplegate", GST_RANK_NONE, glue::type<SampleGate>()) !=
         FALSE;
}

}  // namespace anim
