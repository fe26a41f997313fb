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
 * No pixel is touched, so any memory and any caps feature passes. One frame is held back, because
 * only the next one says how long it is on screen; serialized events wait with it. Decoders are
 * not told to skip anything. With retime=true a live stream plays faster or slower than the clock:
 * write it to a file with sync=false, or set retime=false.
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
 */
#include "plugins/animsampling/intervalsampler.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <gst/video/video.h>

#include "gst/core/sampling.h"
#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "gst/glue/property.h"
#include "gst/glue/report.h"

GST_DEBUG_CATEGORY_STATIC(intervalsampler_debug);
#define GST_CAT_DEFAULT intervalsampler_debug

namespace anim {
namespace {

using namespace glue;

std::optional<Nanoseconds> time_or_none(GstClockTime time) {
  if (!GST_CLOCK_TIME_IS_VALID(time) || time > G_MAXINT64) return std::nullopt;
  return Nanoseconds(static_cast<std::int64_t>(time));
}

GstClockTime clock_time(Nanoseconds time) {
  return static_cast<GstClockTime>(std::max<std::int64_t>(time.count(), 0));
}

/// The framerate of fixed caps as ns between frames; 0 = variable or unknown.
Rational frame_distance(const GstCaps* caps) {
  gint num = 0;
  gint den = 1;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  if (gst_structure_get_fraction(structure, "framerate", &num, &den) == FALSE || num <= 0) return 0;
  return Rational(den, num).times(kSecond).value_or(0);
}

class IntervalSampler {
 public:
  using Parent = GstElement;
  using ParentClass = GstElementClass;
  static constexpr const char* kTypeName = "GstIntervalSampler";
  static GType parent_type() { return GST_TYPE_ELEMENT; }

  struct Settings {
    std::uint64_t interval = 0;
    Rational rate = 0;
    Rational frame_rate = 0;
    std::uint64_t max_frames = 0;
    std::uint64_t start_time = 0;
    std::uint64_t stop_time = GST_CLOCK_TIME_NONE;
    bool eos_upstream = true;
    bool retime = true;
  };
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
  /// What queries and properties read while the stream runs.
  struct Published {
    std::uint64_t frames_in = 0;
    std::uint64_t frames_out = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t dropped = 0;
    GstSegment output;              ///< of the retimed output
    Nanoseconds stream_zero{0};     ///< stream time of the source's zero at start
    Nanoseconds frame_distance{0};  ///< what is held back, 0 = not known yet
  };

  [[nodiscard]] SamplingPlan plan() const;
  [[nodiscard]] bool renames_rate() const;
  void write_rate(GstStructure* structure) const;
  [[nodiscard]] Owned<GstCaps> with_output_rate(const GstCaps* caps) const;
  [[nodiscard]] static Owned<GstCaps> with_any_rate(const GstCaps* caps);
  [[nodiscard]] Owned<GstCaps> upstream_may_send(GstCaps* filter);
  [[nodiscard]] Owned<GstCaps> downstream_may_send(GstCaps* filter);

  void start_over();
  void forget_held();
  bool forward(GstEvent* event);
  void send_pending();
  bool take_caps(Owned<GstEvent> event);
  bool take_segment(Owned<GstEvent> event);
  bool take_eos(Owned<GstEvent> event);
  bool take_segment_done(Owned<GstEvent> event);
  bool take_flush_stop(Owned<GstEvent> event);
  bool take_stream_start(Owned<GstEvent> event);
  void begin_output_segment();

  [[nodiscard]] FrameClock::Timed time_of(GstBuffer* buffer);
  [[nodiscard]] std::optional<Nanoseconds> running_time(GstClockTime pts) const;
  [[nodiscard]] std::optional<Nanoseconds> running_duration(GstBuffer* buffer) const;
  void remember_zero(GstBuffer* buffer);
  GstFlowReturn push_run(const Run& run);
  GstFlowReturn push_sample(Owned<GstBuffer> buffer, const Sample& sample);
  GstFlowReturn drain();
  GstFlowReturn finish();

  bool seek(Owned<GstEvent> event);
  [[nodiscard]] gint64 source_position(GstSeekType type, gint64 output);
  gboolean answer_caps(GstQuery* query, Owned<GstCaps> (IntervalSampler::*ask)(GstCaps*));
  gboolean answer_position(GstQuery* query);
  [[nodiscard]] std::optional<Nanoseconds> output_duration();
  gboolean answer_duration(GstQuery* query);
  gboolean answer_seeking(GstQuery* query);
  gboolean answer_segment(GstQuery* query);
  gboolean answer_latency(GstQuery* query);
  gboolean answer_allocation(GstQuery* query);

  GstElement* self_;
  GstPad* sink_;  // owned by self_
  GstPad* src_;   // owned by self_

  // Of the streaming thread.
  Settings now_;  ///< the settings of this run
  Sampler sampler_{SamplingPlan{}};
  FrameClock clock_;
  GstSegment input_;
  Owned<GstBuffer> held_;
  std::optional<Nanoseconds> held_duration_;
  std::vector<Owned<GstEvent>> pending_;  ///< behind the held frame
  bool after_flush_ = false;
  bool has_segment_ = false;   ///< an output segment was sent since start or flush
  bool is_seek_stop_ = false;  ///< input_.stop was asked for
  bool has_ended_ = false;     ///< EOS went downstream
  bool is_discont_ = true;     ///< the next output follows a gap
  bool has_warned_ = false;
  guint32 seqnum_ = GST_SEQNUM_INVALID;

  std::mutex mutex_;  ///< guards the following; never held while calling out
  Published published_{};
  std::optional<bool> seek_has_stop_;  ///< of the last seek that passed here
};

IntervalSampler::IntervalSampler(GstElement* self) : self_(self) {
  auto* klass = GST_ELEMENT_GET_CLASS(self);
  sink_ = gst_pad_new_from_template(gst_element_class_get_pad_template(klass, "sink"), "sink");
  gst_pad_set_chain_function(sink_, (pad_function<IntervalSampler, &IntervalSampler::chain>));
  gst_pad_set_event_function(sink_, (pad_function<IntervalSampler, &IntervalSampler::sink_event>));
  gst_pad_set_query_function(sink_, (pad_function<IntervalSampler, &IntervalSampler::sink_query>));
  gst_element_add_pad(self, sink_);
  src_ = gst_pad_new_from_template(gst_element_class_get_pad_template(klass, "src"), "src");
  gst_pad_set_event_function(src_, (pad_function<IntervalSampler, &IntervalSampler::src_event>));
  gst_pad_set_query_function(src_, (pad_function<IntervalSampler, &IntervalSampler::src_query>));
  gst_element_add_pad(self, src_);
  gst_segment_init(&input_, GST_FORMAT_TIME);
  gst_segment_init(&published_.output, GST_FORMAT_TIME);
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

// ---- The plan and the caps that follow from it ----

SamplingPlan IntervalSampler::plan() const {
  const Settings s = settings.copy();
  SamplingPlan plan =
      SamplingPlan::from(Nanoseconds(static_cast<std::int64_t>(s.interval)), s.rate, s.frame_rate);
  plan.start = Nanoseconds(static_cast<std::int64_t>(s.start_time));
  plan.stop = time_or_none(s.stop_time).value_or(kForever);
  plan.max_samples = s.max_frames;
  return plan;
}

// Every frame at its own time has the source's rate.
bool IntervalSampler::renames_rate() const {
  const SamplingPlan now = plan();
  return !now.takes_every_frame() || (settings.copy().retime && !now.keeps_source_timing());
}

void IntervalSampler::write_rate(GstStructure* structure) const {
  const auto rate = settings.copy().retime ? plan().output_rate() : std::nullopt;
  const Rational shown = rate.value_or(0);  // 0/1: variable
  gst_structure_set(structure, "framerate", GST_TYPE_FRACTION, static_cast<gint>(shown.num()),
                    static_cast<gint>(shown.den()), nullptr);
  gst_structure_remove_field(structure, "max-framerate");
}

Owned<GstCaps> IntervalSampler::with_output_rate(const GstCaps* caps) const {
  auto out = adopt(gst_caps_copy(caps));
  for (guint i = 0; renames_rate() && i < gst_caps_get_size(out.get()); ++i) {
    write_rate(gst_caps_get_structure(out.get(), i));
  }
  return out;
}

Owned<GstCaps> IntervalSampler::with_any_rate(const GstCaps* caps) {
  auto out = adopt(gst_caps_copy(caps));
  for (guint i = 0; i < gst_caps_get_size(out.get()); ++i) {
    gst_structure_remove_fields(gst_caps_get_structure(out.get(), i), "framerate", "max-framerate",
                                nullptr);
  }
  return out;
}

// What the sink pad takes: what downstream takes of our rate, at any rate.
Owned<GstCaps> IntervalSampler::upstream_may_send(GstCaps* filter) {
  auto own = adopt(gst_pad_get_pad_template_caps(sink_));
  const auto wanted = with_output_rate(own.get());
  auto taken = adopt(gst_pad_peer_query_caps(src_, wanted.get()));
  if (renames_rate()) taken = with_any_rate(taken.get());
  taken = adopt(gst_caps_intersect(taken.get(), own.get()));
  if (filter == nullptr) return taken;
  return adopt(gst_caps_intersect_full(filter, taken.get(), GST_CAPS_INTERSECT_FIRST));
}

// What the source pad may send: what upstream sends, at our rate.
Owned<GstCaps> IntervalSampler::downstream_may_send(GstCaps* filter) {
  auto own = adopt(gst_pad_get_pad_template_caps(src_));
  const auto given = adopt(gst_pad_peer_query_caps(sink_, own.get()));
  auto sent = with_output_rate(given.get());
  if (filter == nullptr) return sent;
  return adopt(gst_caps_intersect_full(filter, sent.get(), GST_CAPS_INTERSECT_FIRST));
}

// ---- Start, flush, end ----

GstStateChangeReturn IntervalSampler::change_state(GstStateChange transition) {
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    has_warned_ = false;
    after_flush_ = false;
    gst_segment_init(&input_, GST_FORMAT_TIME);
    const std::lock_guard lock(mutex_);
    published_ = {};
    gst_segment_init(&published_.output, GST_FORMAT_TIME);
    seek_has_stop_.reset();
  }
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) start_over();
  const auto result = parent_class<IntervalSampler>()->change_state(self_, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) forget_held();
  return result;
}

void IntervalSampler::start_over() {
  forget_held();
  now_ = settings.copy();
  sampler_ = Sampler(plan());
  clock_ = FrameClock();
  if (const auto caps = adopt(gst_pad_get_current_caps(sink_))) {
    clock_.set_distance(frame_distance(caps.get()));
  }
  has_segment_ = false;
  has_ended_ = false;
  is_discont_ = true;
}

void IntervalSampler::forget_held() {
  held_.reset();
  pending_.clear();
}

// The held frame's last samples, as far as its end is known now.
GstFlowReturn IntervalSampler::drain() {
  if (!held_) return GST_FLOW_OK;
  const bool ends_at_stop = is_seek_stop_ && GST_CLOCK_TIME_IS_VALID(input_.stop);
  const auto stop = ends_at_stop ? running_time(input_.stop) : std::nullopt;
  const Run run = sampler_.end(held_duration_, clock_.distance(), stop.value_or(kForever));
  const GstFlowReturn flow = push_run(run);
  send_pending();
  return flow;
}

// No more samples: EOS downstream, once.
GstFlowReturn IntervalSampler::finish() {
  forget_held();
  has_ended_ = true;
  begin_output_segment();
  GstEvent* eos = gst_event_new_eos();
  if (seqnum_ != GST_SEQNUM_INVALID) gst_event_set_seqnum(eos, seqnum_);
  gst_pad_push_event(src_, eos);
  return now_.eos_upstream ? GST_FLOW_EOS : GST_FLOW_OK;
}

// ---- Events from upstream ----

// Takes the event. It waits behind the held frame, if there is one.
bool IntervalSampler::forward(GstEvent* event) {
  if (!held_) return gst_pad_push_event(src_, event) != FALSE;
  pending_.push_back(adopt(event));
  return true;
}

void IntervalSampler::send_pending() {
  for (auto& event : std::exchange(pending_, {})) gst_pad_push_event(src_, event.release());
}

gboolean IntervalSampler::sink_event(GstPad* /*pad*/, GstEvent* given) {
  auto event = adopt(given);
  const GstEventType type = GST_EVENT_TYPE(given);
  if (!GST_EVENT_IS_SERIALIZED(given)) {
    return gst_pad_push_event(src_, event.release());
  }
  if (type == GST_EVENT_FLUSH_STOP) return static_cast<gboolean>(take_flush_stop(std::move(event)));
  if (type == GST_EVENT_STREAM_START) {
    return static_cast<gboolean>(take_stream_start(std::move(event)));
  }
  // The input's segment and caps count even when nothing goes downstream any more.
  if (type == GST_EVENT_SEGMENT) return static_cast<gboolean>(take_segment(std::move(event)));
  if (type == GST_EVENT_CAPS) return static_cast<gboolean>(take_caps(std::move(event)));
  if (has_ended_) return TRUE;
  if (type == GST_EVENT_EOS) return static_cast<gboolean>(take_eos(std::move(event)));
  if (type == GST_EVENT_SEGMENT_DONE) {
    return static_cast<gboolean>(take_segment_done(std::move(event)));
  }
  if (type == GST_EVENT_GAP) {
    // The frame on screen stays there. Only the next frame says until when.
    return TRUE;
  }
  return static_cast<gboolean>(forward(event.release()));
}

// A stream that follows an end is a new one.
bool IntervalSampler::take_stream_start(Owned<GstEvent> event) {
  if (has_ended_) start_over();
  return forward(event.release());
}

bool IntervalSampler::take_flush_stop(Owned<GstEvent> event) {
  // Sticky events that were waiting still hold; they go out with the next data.
  for (auto& waiting : pending_) {
    const GstEventType type = GST_EVENT_TYPE(waiting.get());
    if (GST_EVENT_IS_STICKY(waiting.get()) && type != GST_EVENT_SEGMENT) {
      gst_pad_store_sticky_event(src_, waiting.get());
    }
  }
  start_over();
  gst_segment_init(&input_, GST_FORMAT_TIME);
  after_flush_ = true;
  return gst_pad_push_event(src_, event.release()) != FALSE;
}

bool IntervalSampler::take_caps(Owned<GstEvent> event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event.get(), &caps);
  clock_.set_distance(frame_distance(caps));
  bool is_news = false;
  {
    const std::lock_guard lock(mutex_);
    const Nanoseconds distance = clock_.distance();
    is_news = std::exchange(published_.frame_distance, distance) != distance;
  }
  if (is_news) gst_element_post_message(self_, gst_message_new_latency(GST_OBJECT(self_)));
  if (has_ended_) return true;
  const auto out = with_output_rate(caps);
  GstEvent* renamed = gst_event_new_caps(out.get());
  gst_event_set_seqnum(renamed, gst_event_get_seqnum(event.get()));
  return forward(renamed);
}

bool IntervalSampler::take_segment(Owned<GstEvent> event) {
  GstSegment segment;
  gst_event_copy_segment(event.get(), &segment);
  seqnum_ = gst_event_get_seqnum(event.get());
  if (segment.rate < 0) {
    post_error(self_, {ErrorCode::Unsupported,
                       "the stream plays backwards, but samples can only be taken forwards",
                       {}});
    return false;
  }
  if (segment.format != GST_FORMAT_TIME) gst_segment_init(&segment, GST_FORMAT_TIME);
  input_ = segment;
  // A demuxer may state the file's end as the segment's; only a seek makes it a wish.
  {
    const std::lock_guard lock(mutex_);
    is_seek_stop_ = seek_has_stop_.value_or(after_flush_);
  }
  if (!has_segment_ && after_flush_ && segment.time > 0) {
    sampler_ = Sampler(plan(), Zero::SegmentStart);
  }
  if (has_ended_) return true;
  if (now_.retime) {
    begin_output_segment();
    return true;
  }
  has_segment_ = true;
  return forward(event.release());
}

bool IntervalSampler::take_eos(Owned<GstEvent> event) {
  drain();
  has_ended_ = true;
  begin_output_segment();
  return gst_pad_push_event(src_, event.release()) != FALSE;
}

bool IntervalSampler::take_segment_done(Owned<GstEvent> event) {
  drain();
  if (!now_.retime) return forward(event.release());
  gint64 position = 0;
  {
    const std::lock_guard lock(mutex_);
    const GstSegment& out = published_.output;
    position = static_cast<gint64>(gst_segment_to_stream_time(&out, GST_FORMAT_TIME, out.position));
  }
  GstEvent* done = gst_event_new_segment_done(GST_FORMAT_TIME, position);
  gst_event_set_seqnum(done, gst_event_get_seqnum(event.get()));
  return forward(done);
}

// The retimed output has a segment of its own, from 0; its stream time says where a seek went.
void IntervalSampler::begin_output_segment() {
  if (has_segment_ || !now_.retime) return;
  has_segment_ = true;
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  {
    const std::lock_guard lock(mutex_);
    if (after_flush_ && input_.time > 0) {
      const Nanoseconds from_zero =
          Nanoseconds(static_cast<std::int64_t>(input_.time)) - published_.stream_zero;
      segment.time = clock_time(plan().to_output(from_zero));
    }
    segment.position = 0;
    published_.output = segment;
  }
  GstEvent* event = gst_event_new_segment(&segment);
  if (seqnum_ != GST_SEQNUM_INVALID) gst_event_set_seqnum(event, seqnum_);
  gst_pad_push_event(src_, event);
}

// ---- Frames ----

std::optional<Nanoseconds> IntervalSampler::running_time(GstClockTime pts) const {
  guint64 time = 0;
  const int sign = gst_segment_to_running_time_full(&input_, GST_FORMAT_TIME, pts, &time);
  if (sign == 0 || time > G_MAXINT64) return std::nullopt;
  return Nanoseconds(sign * static_cast<std::int64_t>(time));
}

std::optional<Nanoseconds> IntervalSampler::running_duration(GstBuffer* buffer) const {
  const auto duration = time_or_none(GST_BUFFER_DURATION(buffer));
  if (!duration || input_.rate == 1.0) return duration;
  const auto from = running_time(input_.start);
  const auto until = running_time(input_.start + GST_BUFFER_DURATION(buffer));
  if (!from || !until) return std::nullopt;
  return *until - *from;
}

FrameClock::Timed IntervalSampler::time_of(GstBuffer* buffer) {
  std::optional<Nanoseconds> time;
  if (GST_BUFFER_PTS_IS_VALID(buffer)) time = running_time(GST_BUFFER_PTS(buffer));
  const auto timed = clock_.next(time, running_duration(buffer));
  if (timed.is_assumed && !std::exchange(has_warned_, true)) {
    post_warning(self_, {ErrorCode::Unsupported,
                         "the stream has neither timestamps nor a frame rate; it is taken as 25 "
                         "frames per second",
                         {}});
  }
  return timed;
}

// Stream time of the file's zero, on which seeks count.
void IntervalSampler::remember_zero(GstBuffer* buffer) {
  if (after_flush_ || sampler_.zero()) return;
  const auto time =
      time_or_none(gst_segment_to_stream_time(&input_, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer)));
  const std::lock_guard lock(mutex_);
  published_.stream_zero = time.value_or(Nanoseconds(0));
}

GstFlowReturn IntervalSampler::chain(GstPad* /*pad*/, GstBuffer* given) {
  auto buffer = adopt(given);
  {
    const std::lock_guard lock(mutex_);
    ++published_.frames_in;
    if (has_ended_) ++published_.dropped;
  }
  if (has_ended_) return now_.eos_upstream ? GST_FLOW_EOS : GST_FLOW_OK;
  remember_zero(given);
  const auto duration = running_duration(given);
  const auto step = sampler_.frame(time_of(given).time);
  if (step.holds || step.done) {
    const GstFlowReturn flow = push_run(step.run);
    if (flow != GST_FLOW_OK) return flow;
  }
  if (GST_BUFFER_IS_DISCONT(given)) is_discont_ = true;
  if (!step.holds) {
    {
      const std::lock_guard lock(mutex_);
      ++published_.dropped;
    }
    return step.done ? finish() : GST_FLOW_OK;
  }
  send_pending();
  held_ = std::move(buffer);
  held_duration_ = duration;
  return GST_FLOW_OK;
}

// Sends the held frame as often as the run says, and lets go of it.
GstFlowReturn IntervalSampler::push_run(const Run& run) {
  auto frame = std::move(held_);
  if (!frame) return GST_FLOW_OK;
  const std::uint64_t outputs = now_.retime ? run.count : std::min<std::uint64_t>(run.count, 1);
  {
    const std::lock_guard lock(mutex_);
    if (outputs == 0) ++published_.dropped;
    if (outputs > 1) published_.duplicated += outputs - 1;
  }
  for (std::uint64_t i = 0; i < outputs; ++i) {
    const bool is_last = i + 1 == outputs;
    GstBuffer* buffer = is_last ? gst_buffer_make_writable(frame.release())
                                : gst_buffer_copy(frame.get());  // shares the memory
    const GstFlowReturn flow = push_sample(adopt(buffer), sampler_.sample(run, i));
    if (flow != GST_FLOW_OK) return flow;
  }
  return GST_FLOW_OK;
}

GstFlowReturn IntervalSampler::push_sample(Owned<GstBuffer> buffer, const Sample& sample) {
  begin_output_segment();
  GstBuffer* out = buffer.get();
  GST_BUFFER_OFFSET(out) = sample.index;
  GST_BUFFER_OFFSET_END(out) = sample.index + 1;
  if (now_.retime) {
    GST_BUFFER_PTS(out) = clock_time(sample.time);
    GST_BUFFER_DURATION(out) = clock_time(sample.duration);
  }
  GST_BUFFER_DTS(out) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_FLAG_UNSET(out, GST_BUFFER_FLAG_DISCONT);
  if (std::exchange(is_discont_, false)) GST_BUFFER_FLAG_SET(out, GST_BUFFER_FLAG_DISCONT);
  {
    const std::lock_guard lock(mutex_);
    ++published_.frames_out;
    published_.output.position = clock_time(sample.time);
  }
  return gst_pad_push(src_, buffer.release());
}

GstStructure* IntervalSampler::stats() {
  const std::lock_guard lock(mutex_);
  return gst_structure_new("application/x-intervalsampler-stats", "frames-in", G_TYPE_UINT64,
                           published_.frames_in, "frames-out", G_TYPE_UINT64, published_.frames_out,
                           "duplicated", G_TYPE_UINT64, published_.duplicated, "dropped",
                           G_TYPE_UINT64, published_.dropped, nullptr);
}

// ---- Events from downstream ----

gboolean IntervalSampler::src_event(GstPad* /*pad*/, GstEvent* given) {
  auto event = adopt(given);
  const bool retime = settings.copy().retime;
  // Its times are the output's; upstream could only misread them.
  if (GST_EVENT_TYPE(given) == GST_EVENT_QOS && retime) return TRUE;
  if (GST_EVENT_TYPE(given) == GST_EVENT_SEEK) return static_cast<gboolean>(seek(std::move(event)));
  return gst_pad_push_event(sink_, event.release());
}

// A seek in output time becomes one in the source's.
bool IntervalSampler::seek(Owned<GstEvent> event) {
  gdouble rate = 1;
  GstFormat format = GST_FORMAT_UNDEFINED;
  GstSeekFlags flags = GST_SEEK_FLAG_NONE;
  GstSeekType start_type = GST_SEEK_TYPE_NONE;
  GstSeekType stop_type = GST_SEEK_TYPE_NONE;
  gint64 start = 0;
  gint64 stop = 0;
  gst_event_parse_seek(event.get(), &rate, &format, &flags, &start_type, &start, &stop_type, &stop);
  if (rate < 0) return false;
  std::optional<bool> before;
  {
    const std::lock_guard lock(mutex_);
    const bool has_stop = stop_type != GST_SEEK_TYPE_NONE && stop != -1;
    before = std::exchange(seek_has_stop_, has_stop);
  }
  if (format == GST_FORMAT_TIME && settings.copy().retime) {
    const guint32 seqnum = gst_event_get_seqnum(event.get());
    event = adopt(gst_event_new_seek(rate, format, flags, start_type,
                                     source_position(start_type, start), stop_type,
                                     source_position(stop_type, stop)));
    gst_event_set_seqnum(event.get(), seqnum);
  }
  if (gst_pad_push_event(sink_, event.release()) != FALSE) return true;
  const std::lock_guard lock(mutex_);
  seek_has_stop_ = before;
  return false;
}

gint64 IntervalSampler::source_position(GstSeekType type, gint64 output) {
  if (type == GST_SEEK_TYPE_NONE || output == -1) return output;
  const gint64 distance = plan().to_source(Nanoseconds(output)).count();
  if (type == GST_SEEK_TYPE_END || output == 0) return distance;
  const std::lock_guard lock(mutex_);
  return distance + published_.stream_zero.count();
}

// ---- Queries ----

gboolean IntervalSampler::sink_query(GstPad* pad, GstQuery* query) {
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_CAPS:
      return answer_caps(query, &IntervalSampler::upstream_may_send);
    case GST_QUERY_ALLOCATION:
      return answer_allocation(query);
    default:
      return gst_pad_query_default(pad, GST_OBJECT(self_), query);
  }
}

gboolean IntervalSampler::src_query(GstPad* pad, GstQuery* query) {
  const bool retime = settings.copy().retime;
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_CAPS:
      return answer_caps(query, &IntervalSampler::downstream_may_send);
    case GST_QUERY_LATENCY:
      return answer_latency(query);
    case GST_QUERY_POSITION:
      if (retime) return answer_position(query);
      break;
    case GST_QUERY_DURATION:
      if (retime) return answer_duration(query);
      break;
    case GST_QUERY_SEEKING:
      if (retime) return answer_seeking(query);
      break;
    case GST_QUERY_SEGMENT:
      if (retime) return answer_segment(query);
      break;
    default:
      break;
  }
  return gst_pad_query_default(pad, GST_OBJECT(self_), query);
}

gboolean IntervalSampler::answer_caps(GstQuery* query,
                                      Owned<GstCaps> (IntervalSampler::*ask)(GstCaps*)) {
  GstCaps* filter = nullptr;
  gst_query_parse_caps(query, &filter);
  gst_query_set_caps_result(query, (this->*ask)(filter).get());
  return TRUE;
}

gboolean IntervalSampler::answer_position(GstQuery* query) {
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_query_parse_position(query, &format, nullptr);
  if (format != GST_FORMAT_TIME) return FALSE;
  const std::lock_guard lock(mutex_);
  const GstSegment& out = published_.output;
  const guint64 time = gst_segment_to_stream_time(&out, GST_FORMAT_TIME, out.position);
  gst_query_set_position(query, format, static_cast<gint64>(time));
  return TRUE;
}

std::optional<Nanoseconds> IntervalSampler::output_duration() {
  gint64 source = -1;
  if (gst_pad_peer_query_duration(sink_, GST_FORMAT_TIME, &source) == FALSE || source < 0) {
    return std::nullopt;
  }
  const auto caps = adopt(gst_pad_get_current_caps(sink_));
  return plan().output_duration(Nanoseconds(source), caps ? frame_distance(caps.get()) : 0);
}

gboolean IntervalSampler::answer_duration(GstQuery* query) {
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_query_parse_duration(query, &format, nullptr);
  const auto duration = format == GST_FORMAT_TIME ? output_duration() : std::nullopt;
  if (!duration) return FALSE;
  gst_query_set_duration(query, format, duration->count());
  return TRUE;
}

gboolean IntervalSampler::answer_seeking(GstQuery* query) {
  if (gst_pad_peer_query(sink_, query) == FALSE) return FALSE;
  GstFormat format = GST_FORMAT_UNDEFINED;
  gboolean is_seekable = FALSE;
  gst_query_parse_seeking(query, &format, &is_seekable, nullptr, nullptr);
  if (format != GST_FORMAT_TIME) return TRUE;
  const auto duration = output_duration();
  gst_query_set_seeking(query, format, is_seekable, 0, duration ? duration->count() : -1);
  return TRUE;
}

gboolean IntervalSampler::answer_segment(GstQuery* query) {
  const std::lock_guard lock(mutex_);
  const GstSegment& out = published_.output;
  const guint64 start = gst_segment_to_stream_time(&out, GST_FORMAT_TIME, out.start);
  gst_query_set_segment(query, out.rate, GST_FORMAT_TIME, static_cast<gint64>(start), -1);
  return TRUE;
}

// A live stream waits here for as long as a frame is on screen.
gboolean IntervalSampler::answer_latency(GstQuery* query) {
  if (gst_pad_peer_query(sink_, query) == FALSE) return FALSE;
  gboolean is_live = FALSE;
  GstClockTime min = 0;
  GstClockTime max = 0;
  gst_query_parse_latency(query, &is_live, &min, &max);
  if (is_live == FALSE) return TRUE;
  const std::lock_guard lock(mutex_);
  const GstClockTime held = clock_time(published_.frame_distance);
  gst_query_set_latency(query, is_live, min + held,
                        GST_CLOCK_TIME_IS_VALID(max) ? max + held : max);
  return TRUE;
}

// Downstream's answer, with one buffer more for the frame that is held.
gboolean IntervalSampler::answer_allocation(GstQuery* query) {
  const auto is_caps = [](const auto& event) {
    return GST_EVENT_TYPE(event.get()) == GST_EVENT_CAPS;
  };
  // Downstream has not seen the new caps yet and would answer for the old ones.
  if (std::any_of(pending_.begin(), pending_.end(), is_caps)) return FALSE;
  if (gst_pad_peer_query(src_, query) == FALSE) return FALSE;
  for (guint i = 0; i < gst_query_get_n_allocation_pools(query); ++i) {
    GstBufferPool* pool = nullptr;
    guint size = 0;
    guint min = 0;
    guint max = 0;
    gst_query_parse_nth_allocation_pool(query, i, &pool, &size, &min, &max);
    gst_query_set_nth_allocation_pool(query, i, pool, size, min + 1, max == 0 ? 0 : max + 1);
    g_clear_object(&pool);
  }
  return TRUE;
}

}  // namespace

bool register_intervalsampler(GstPlugin* plugin) {
  GST_DEBUG_CATEGORY_INIT(intervalsampler_debug, "intervalsampler", 0, "interval sampler");
  return gst_element_register(plugin, "intervalsampler", GST_RANK_NONE,
                              glue::type<IntervalSampler>()) != FALSE;
}

}  // namespace anim
