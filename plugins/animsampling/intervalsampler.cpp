// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-intervalsampler
 * @title: intervalsampler
 * @short_description: takes the frames on screen at regular moments and plays them at a rate
 *
 * Sample k is the frame on screen at t_k = start-time + k * interval: the last frame whose time is
 * at or before t_k, whatever durations say; before the first frame, the first frame. It leaves at
 * k / frame-rate. A frame that is on screen at several moments leaves several times and shares its
 * memory. Time is running time since start or the last flush, 0 = the first frame; after a seek
 * into the middle, the position of the seek. The end is the last frame's time plus its duration;
 * no sample is taken at or after it.
 *
 * With mode=key samples are the random access points instead, those of start-time or later. Which
 * frames they are, a samplegate before the decoder tells; it needs mode=key too.
 *
 * No pixel is touched, so any memory and any caps feature passes. One frame is held back, because
 * only the next one says how long it is on screen; serialized events wait with it. With
 * retime=true a live stream plays faster or slower than the clock: write it to a file with
 * sync=false, or set retime=false.
 *
 * With skip-decoding=true a decoder straight before it is told, over QoS, to skip frames that no
 * sample needs, but for a margin of 17 frames before each sample. That needs a constant frame
 * rate. Where it might change a sample it is turned off with a warning. samplegate, before the
 * decoder, skips more and works with any frame rate.
 *
 * ## Example pipelines
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=150 ! video/x-raw,framerate=30/1 ! intervalsampler
 * interval=1000000000 frame-rate=2/1 ! videoconvert ! pngenc ! multifilesink
 * location=sample-%03d.png
 * ]| One frame of every second, two frames a second on playing.
 * |[
 * gst-launch-1.0 filesrc location=video.mp4 ! decodebin ! intervalsampler rate=30000/1001
 * start-time=5000000000 stop-time=8000000000 ! videoconvert ! autovideosink
 * ]| Three seconds of a video, resampled to exactly 29.97 frames a second.
 * |[
 * gst-launch-1.0 videotestsrc is-live=true num-buffers=60 ! intervalsampler interval=500000000
 * retime=false ! videoconvert ! autovideosink
 * ]| A live preview of every second half second, in time.
 * |[
 * gst-launch-1.0 filesrc location=video.mp4 ! parsebin ! samplegate mode=key ! decodebin !
 * intervalsampler mode=key frame-rate=4/1 ! videoconvert ! autovideosink
 * ]| The pictures at which decoding may begin, four a second; no other picture is decoded.
 */
#include "plugins/animsampling/intervalsampler.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <gst/gst.h>
#include <gst/video/video.h>

#include "gst/core/sampling.h"
#include "gst/glue/clock_time.h"
#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "gst/glue/report.h"
#include "plugins/animsampling/decoder_skip.h"
#include "plugins/animsampling/held_frame.h"
#include "plugins/animsampling/input_segment.h"
#include "plugins/animsampling/key_events.h"
#include "plugins/animsampling/key_times.h"
#include "plugins/animsampling/queries.h"
#include "plugins/animsampling/rate_caps.h"
#include "plugins/animsampling/sample_output.h"
#include "plugins/animsampling/seek.h"
#include "plugins/animsampling/settings.h"
#include "plugins/animsampling/stream_progress.h"

GST_DEBUG_CATEGORY_STATIC(intervalsampler_debug);
#define GST_CAT_DEFAULT intervalsampler_debug

namespace anim {
namespace {

using namespace glue;

//   frames -> InputSegment, FrameClock (their times) -> Sampler (which are samples)
//          -> HeldFrame (until its end is known) -> SampleOutput
class IntervalSampler {
 public:
  using Parent = GstElement;
  using ParentClass = GstElementClass;
  using Settings = SamplingSettings;
  static constexpr const char* kTypeName = "GstIntervalSampler";
  static GType parent_type() { return GST_TYPE_ELEMENT; }

  Guarded<Settings> settings;

  explicit IntervalSampler(GstElement* self);
  static const std::vector<Property<IntervalSampler>>& properties();
  static void class_init(GstElementClass* klass);

  GstStateChangeReturn change_state(GstStateChange transition);
  GstFlowReturn chain(GstPad* pad, GstBuffer* buffer);
  gboolean sink_event(GstPad* pad, GstEvent* event);
  gboolean src_event(GstPad* pad, GstEvent* event);
  gboolean sink_query(GstPad* pad, GstQuery* query);
  gboolean src_query(GstPad* pad, GstQuery* query);
  GstStructure* stats();

 private:
  void start_over();
  GstFlowReturn drain();
  [[nodiscard]] Run last_run();
  GstFlowReturn push_held(const Run& run);

  bool take_event(Owned<GstEvent> event);
  bool take_flush_stop(Owned<GstEvent> event);
  bool take_stream_start(Owned<GstEvent> event);
  bool take_segment(Owned<GstEvent> event);
  bool take_caps(Owned<GstEvent> event);
  bool take_eos(Owned<GstEvent> event);
  bool take_segment_done(Owned<GstEvent> event);

  bool pass_key_event(Owned<GstEvent> event);
  [[nodiscard]] bool takes_keys() const { return now_.mode == SamplerMode::Key; }
  [[nodiscard]] Nanoseconds time_of(GstBuffer* buffer);
  [[nodiscard]] GstFlowReturn fail_without_keys();
  void remember_zero(GstBuffer* buffer);
  [[nodiscard]] Nanoseconds output_start() const;
  bool seek(Owned<GstEvent> event);

  GstElement* self_;
  GstPad* sink_;  // owned by self_
  GstPad* src_;   // owned by self_
  StreamProgress progress_;

  // Of the streaming thread.
  Settings now_;  ///< the settings of this run
  InputSegment input_;
  FrameClock clock_;
  Sampler sampler_{SamplingPlan{}};
  KeyTimes keys_;
  bool is_held_key_ = false;  ///< the frame held is a random access point
  HeldFrame held_;
  SampleOutput output_;
  DecoderSkip skip_;
  bool after_flush_ = false;
  bool is_input_over_ = false;  ///< EOS has come
  bool has_warned_ = false;
};

// A gap or a still picture: the frame on screen stays there. Only the next frame says until when.
bool is_pause(GstEvent* event) {
  return GST_EVENT_TYPE(event) == GST_EVENT_GAP ||
         gst_video_event_parse_still_frame(event, nullptr) != FALSE;
}

IntervalSampler::IntervalSampler(GstElement* self)
    : self_(self),
      sink_(add_pad(self, "sink")),
      src_(add_pad(self, "src")),
      held_(src_),
      output_(src_, progress_),
      skip_(self, sink_) {
  gst_pad_set_chain_function(sink_, (pad_function<IntervalSampler, &IntervalSampler::chain>));
  gst_pad_set_event_function(sink_, (pad_function<IntervalSampler, &IntervalSampler::sink_event>));
  gst_pad_set_query_function(sink_, (pad_function<IntervalSampler, &IntervalSampler::sink_query>));
  gst_pad_set_event_function(src_, (pad_function<IntervalSampler, &IntervalSampler::src_event>));
  gst_pad_set_query_function(src_, (pad_function<IntervalSampler, &IntervalSampler::src_query>));
}

const std::vector<Property<IntervalSampler>>& IntervalSampler::properties() {
  static const std::vector<Property<IntervalSampler>> table = {
      uint64_property<IntervalSampler>(
          "interval", "Time between samples in the source in nanoseconds (0 = every frame)",
          &Settings::interval, G_MAXINT64),
      fraction_property<IntervalSampler>(
          "rate",
          "Samples per second of the source, exact where nanoseconds are not; wins over interval "
          "(0/1 = use interval)",
          &Settings::rate),
      fraction_property<IntervalSampler>(
          "frame-rate",
          "Samples per second as they leave (0/1 = at the source's speed: one per interval, or "
          "with the source's own timing when every frame is taken)",
          &Settings::frame_rate),
      fraction_property<IntervalSampler>(
          "speed",
          "Play that many times as fast, whatever frame-rate or the source's own timing say (0/1 "
          "counts as 1/1)",
          &Settings::speed),
      enum_property<IntervalSampler>(
          "mode",
          "What samples are: frames on screen at regular moments, or (key) random access points, "
          "which a samplegate with mode=key before the decoder tells; interval and rate do not "
          "count then",
          &Settings::mode),
      uint64_property<IntervalSampler>("max-frames",
                                       "End the stream after this many samples (0 = no limit)",
                                       &Settings::max_frames),
      uint64_property<IntervalSampler>(
          "start-time",
          "Time of the first sample in the source in nanoseconds from its first frame",
          &Settings::start_time, G_MAXINT64),
      uint64_property<IntervalSampler>(
          "stop-time",
          "Take no sample at or after this time, in nanoseconds from the source's first frame "
          "(18446744073709551615 = to the end)",
          &Settings::stop_time),
      bool_property<IntervalSampler>(
          "eos-upstream",
          "Tell upstream when no more samples are wanted; false goes on accepting and dropping "
          "frames, which a tee with other branches needs",
          &Settings::eos_upstream),
      bool_property<IntervalSampler>(
          "retime",
          "Give samples new timestamps at frame-rate from 0 on; false keeps the frames' own "
          "timestamps and leaves out repeats, for previews and synchronised sinks",
          &Settings::retime),
      bool_property<IntervalSampler>(
          "skip-decoding",
          "Let the decoder skip frames that no sample needs; only straight behind a decoder and "
          "with a constant frame rate, otherwise it is turned off with a warning",
          &Settings::skip_decoding),
      structure_property<IntervalSampler>(
          "stats", "Frames so far: frames-in, frames-out, duplicated, dropped",
          &IntervalSampler::stats),
  };
  return table;
}

void IntervalSampler::class_init(GstElementClass* klass) {
  install_properties<IntervalSampler>(klass);
  GstCaps* caps = gst_caps_from_string("video/x-raw(ANY)");
  add_pad_template(klass, "sink", GST_PAD_SINK, gst_caps_ref(caps));
  add_pad_template(klass, "src", GST_PAD_SRC, caps);
  gst_element_class_set_static_metadata(
      klass, "Interval sampler", "Filter/Video",
      "Takes the frames on screen at regular moments and plays them at a rate",
      "The gst-plugins-anim developers");
  klass->change_state = vfunc<IntervalSampler, &IntervalSampler::change_state>;
}

GstStructure* IntervalSampler::stats() {
  const FrameCounts counts = progress_.counts();
  return gst_structure_new("application/x-intervalsampler-stats", "frames-in", G_TYPE_UINT64,
                           counts.in, "frames-out", G_TYPE_UINT64, counts.out, "duplicated",
                           G_TYPE_UINT64, counts.duplicated, "dropped", G_TYPE_UINT64,
                           counts.dropped, nullptr);
}

// ---- Start and end ----

GstStateChangeReturn IntervalSampler::change_state(GstStateChange transition) {
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    has_warned_ = false;
    after_flush_ = false;
    progress_.reset();
    input_.reset();
    skip_.reset();
    start_over();
  }
  const auto result = parent_class<IntervalSampler>()->change_state(self_, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    held_.forget();
    skip_.stop();
  }
  return result;
}

void IntervalSampler::start_over() {
  held_.forget();
  is_input_over_ = false;
  now_ = settings.copy();
  sampler_ = Sampler(now_.plan());
  keys_.clear();
  clock_ = FrameClock();
  if (const auto caps = adopt(gst_pad_get_current_caps(sink_))) {
    clock_.set_distance(frame_distance(caps.get()));
  }
  skip_.start_over(now_.skip_decoding);
  output_.start_over(now_.retime);
  output_.set_stream_start(output_start());
}

// The held frame's last samples, as far as its end is known now.
GstFlowReturn IntervalSampler::drain() {
  if (!held_) return GST_FLOW_OK;
  const GstFlowReturn flow = push_held(last_run());
  held_.send_events();
  return flow;
}

Run IntervalSampler::last_run() {
  const Nanoseconds stop = input_.wished_stop();
  const bool ends_as_told = keys_.are_told() && sampler_.takes_every_frame();
  if (ends_as_told) return sampler_.end_at(std::min(keys_.end(), stop));
  return sampler_.end(held_.duration(), clock_.distance(), stop);
}

// ---- Events from upstream ----

gboolean IntervalSampler::sink_event(GstPad* /*pad*/, GstEvent* event) {
  return static_cast<gboolean>(take_event(adopt(event)));
}

bool IntervalSampler::take_event(Owned<GstEvent> event) {
  const GstEventType type = GST_EVENT_TYPE(event.get());
  if (!GST_EVENT_IS_SERIALIZED(event.get())) {
    return gst_pad_push_event(src_, event.release()) != FALSE;
  }
  if (type == GST_EVENT_FLUSH_STOP) return take_flush_stop(std::move(event));
  if (type == GST_EVENT_STREAM_START) return take_stream_start(std::move(event));
  // The input's segment and caps count even when nothing goes downstream any more.
  if (type == GST_EVENT_SEGMENT) return take_segment(std::move(event));
  if (type == GST_EVENT_CAPS) return take_caps(std::move(event));
  if (type == GST_EVENT_EOS) is_input_over_ = true;
  if (output_.has_ended()) return true;
  if (type == GST_EVENT_EOS) return take_eos(std::move(event));
  if (type == GST_EVENT_SEGMENT_DONE) return take_segment_done(std::move(event));
  if (keys_.take(event.get(), input_)) return pass_key_event(std::move(event));
  if (is_pause(event.get())) return true;
  return held_.forward(std::move(event));
}

// With new times it is told anew which of the frames that leave are random access points.
bool IntervalSampler::pass_key_event(Owned<GstEvent> event) {
  if (takes_keys() || !is_random_access_event(event.get())) return true;
  if (now_.retime && random_access_timestamp(event.get())) return true;
  return held_.forward(std::move(event));
}

bool IntervalSampler::take_flush_stop(Owned<GstEvent> event) {
  held_.store_sticky_events();
  input_.reset();
  start_over();
  after_flush_ = true;
  return gst_pad_push_event(src_, event.release()) != FALSE;
}

// A stream that follows an end is a new one. One that follows another without an end (concat) goes
// on with that, for which the samples may have ended already.
bool IntervalSampler::take_stream_start(Owned<GstEvent> event) {
  if (output_.has_ended() && !is_input_over_) return true;
  if (output_.has_ended()) start_over();
  skip_.look_again();
  return held_.forward(std::move(event));
}

bool IntervalSampler::take_caps(Owned<GstEvent> event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event.get(), &caps);
  clock_.set_distance(frame_distance(caps));
  skip_.look_again();
  if (progress_.set_frame_distance(clock_.distance())) {
    gst_element_post_message(self_, gst_message_new_latency(GST_OBJECT(self_)));
  }
  if (output_.has_ended()) return true;
  const auto out = RateCaps(settings.copy()).with_output_rate(caps);
  auto renamed = adopt(gst_event_new_caps(out.get()));
  gst_event_set_seqnum(renamed.get(), gst_event_get_seqnum(event.get()));
  return held_.forward(std::move(renamed));
}

bool IntervalSampler::take_segment(Owned<GstEvent> event) {
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  output_.set_seqnum(gst_event_get_seqnum(event.get()));
  if (segment->rate < 0) {
    post_error(self_, {ErrorCode::Unsupported,
                       "the stream plays backwards, but samples can only be taken forwards",
                       {}});
    return false;
  }
  // A demuxer may state the file's end as the segment's; only a seek makes it a wish.
  input_.begin(*segment, progress_.seek_has_stop().value_or(after_flush_));
  skip_.look_again();
  output_.set_stream_start(output_start());
  if (!output_.has_segment() && after_flush_ && !input_.starts_at_zero()) {
    sampler_ = Sampler(settings.copy().plan(), Zero::SegmentStart);
  }
  if (output_.has_ended()) return true;
  if (now_.retime) {
    output_.begin();
    return true;
  }
  output_.let_segment_pass();
  return held_.forward(std::move(event));
}

bool IntervalSampler::take_eos(Owned<GstEvent> event) {
  drain();
  return output_.end(std::move(event));
}

bool IntervalSampler::take_segment_done(Owned<GstEvent> event) {
  drain();
  if (!now_.retime) return held_.forward(std::move(event));
  const GstSegment out = progress_.output();
  const guint64 position = gst_segment_to_stream_time(&out, GST_FORMAT_TIME, out.position);
  auto done = adopt(gst_event_new_segment_done(GST_FORMAT_TIME, static_cast<gint64>(position)));
  gst_event_set_seqnum(done.get(), gst_event_get_seqnum(event.get()));
  return held_.forward(std::move(done));
}

// ---- Frames ----

Nanoseconds IntervalSampler::time_of(GstBuffer* buffer) {
  std::optional<Nanoseconds> time;
  if (GST_BUFFER_PTS_IS_VALID(buffer)) time = input_.running_time(GST_BUFFER_PTS(buffer));
  const auto timed = clock_.next(time, input_.running_duration(buffer));
  if (timed.is_assumed && !std::exchange(has_warned_, true)) {
    post_warning(self_, {ErrorCode::Unsupported,
                         "the stream has neither timestamps nor a frame rate; it is taken as 25 "
                         "frames per second",
                         {}});
  }
  return timed.time;
}

// Stream time of the file's zero, on which seeks count.
void IntervalSampler::remember_zero(GstBuffer* buffer) {
  if (after_flush_ || sampler_.zero()) return;
  progress_.set_stream_zero(input_.stream_time(buffer).value_or(Nanoseconds(0)));
}

// After a seek, where in the whole output the samples of this segment are.
Nanoseconds IntervalSampler::output_start() const {
  if (!after_flush_ || input_.starts_at_zero()) return Nanoseconds(0);
  return settings.copy().plan().to_output(input_.stream_start() - progress_.stream_zero());
}

GstFlowReturn IntervalSampler::chain(GstPad* /*pad*/, GstBuffer* given) {
  auto buffer = adopt(given);
  const GstFlowReturn at_end = now_.eos_upstream ? GST_FLOW_EOS : GST_FLOW_OK;
  if (output_.has_ended()) {
    progress_.add({.in = 1, .dropped = 1});
    return at_end;
  }
  progress_.add({.in = 1});
  remember_zero(given);
  const auto duration = input_.running_duration(given);
  const Nanoseconds time = time_of(given);
  const bool is_key = keys_.frame(time, time + duration.value_or(clock_.distance()));
  if (takes_keys() && !keys_.are_told()) return fail_without_keys();
  const auto step = sampler_.frame(time, is_key || !takes_keys());
  skip_.frame(time, sampler_.next_time(), input_);
  if (step.holds || step.done) {
    const GstFlowReturn flow = push_held(step.run);
    if (flow != GST_FLOW_OK) return flow;
  }
  if (GST_BUFFER_IS_DISCONT(given)) output_.mark_discont();
  if (step.holds) {
    held_.send_events();
    held_.hold(std::move(buffer), duration);
    is_held_key_ = is_key && !sampler_.is_held_cut();
    return GST_FLOW_OK;
  }
  progress_.add({.dropped = 1});
  if (!step.done) return GST_FLOW_OK;
  held_.forget();
  output_.end();
  return at_end;
}

GstFlowReturn IntervalSampler::fail_without_keys() {
  return fail(self_, {ErrorCode::Unsupported,
                      "mode=key: nobody tells which pictures are random access points; a "
                      "samplegate with mode=key before the decoder does, for H.264, H.265, VP8, "
                      "VP9, AV1, MPEG-1, -2 and -4 and codecs of whole pictures",
                      {}});
}

// Sends the held frame as often as the run says, and lets go of it.
GstFlowReturn IntervalSampler::push_held(const Run& run) {
  auto frame = held_.take();
  if (!frame) return GST_FLOW_OK;
  if (is_held_key_ && run.count > 0 && now_.retime && !takes_keys()) {
    const auto timestamp = clock_time(sampler_.sample(run, 0).time);
    gst_pad_push_event(src_, new_random_access_event(timestamp).release());
  }
  return output_.push(std::move(frame), run, sampler_);
}

// ---- Events from downstream ----

gboolean IntervalSampler::src_event(GstPad* /*pad*/, GstEvent* given) {
  auto event = adopt(given);
  // Its times are the output's; upstream could only misread them.
  if (GST_EVENT_TYPE(given) == GST_EVENT_QOS && settings.copy().retime) return TRUE;
  if (GST_EVENT_TYPE(given) == GST_EVENT_SEEK) return static_cast<gboolean>(seek(std::move(event)));
  return gst_pad_push_event(sink_, event.release());
}

// A seek in output time becomes one in the source's.
bool IntervalSampler::seek(Owned<GstEvent> event) {
  const Seek wish = Seek::of(event.get());
  if (wish.rate < 0) return false;
  const auto before = progress_.set_seek_has_stop(wish.has_stop());
  const Settings current = settings.copy();
  if (wish.format == GST_FORMAT_TIME && current.retime) {
    event = wish.in_source(current.plan(), progress_.stream_zero()).event();
  }
  if (gst_pad_push_event(sink_, event.release()) != FALSE) return true;
  progress_.set_seek_has_stop(before);
  return false;
}

// ---- Queries ----

gboolean IntervalSampler::sink_query(GstPad* pad, GstQuery* query) {
  // Downstream has not seen the new caps yet and would answer for the old ones.
  const bool is_allocation = GST_QUERY_TYPE(query) == GST_QUERY_ALLOCATION;
  if (is_allocation && held_.is_followed_by(GST_EVENT_CAPS)) return FALSE;
  const auto answer = Queries(sink_, src_, settings.copy(), progress_).answer_upstream(query);
  return answer ? *answer : gst_pad_query_default(pad, GST_OBJECT(self_), query);
}

gboolean IntervalSampler::src_query(GstPad* pad, GstQuery* query) {
  const auto answer = Queries(sink_, src_, settings.copy(), progress_).answer_downstream(query);
  return answer ? *answer : gst_pad_query_default(pad, GST_OBJECT(self_), query);
}

}  // namespace

bool register_intervalsampler(GstPlugin* plugin) {
  GST_DEBUG_CATEGORY_INIT(intervalsampler_debug, "intervalsampler", 0, "interval sampler");
  return gst_element_register(plugin, "intervalsampler", GST_RANK_NONE,
                              glue::type<IntervalSampler>()) != FALSE;
}

}  // namespace anim
