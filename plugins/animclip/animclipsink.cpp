// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-animclipsink
 * @title: animclipsink
 * @short_description: keeps the last seconds of a live stream and makes animated images of moments
 *
 * Something happens; the action signal "capture" is emitted, and a moment later there is an
 * animated image of what led to it. The last pre-roll of the stream is kept encoded, so that
 * nothing is decoded until then. The clip's frames are those on screen from trigger - pre-roll to
 * trigger + post-roll, both included, sampled and scaled as `animation` says.
 *
 * Give it parsed video: h264parse, h265parse, vp9parse, av1parse or mpegvideoparse before it, or a
 * parsebin. Decoded video is taken too and kept sampled and scaled.
 *
 * The signal is `guint capture (const gchar *location, guint64 running_time)`: NULL is the property
 * `location`, GST_CLOCK_TIME_NONE now. It never blocks and returns the clip's id, or 0 with a
 * warning on the bus. The event `animclip-capture` {location, running-time, pre-roll, post-roll:
 * all of them optional} does the same, sent upstream to the element or the pipeline; in the stream
 * it means here. What becomes of a clip is told by the element messages animclip-started,
 * animclip-progress, animclip-done and animclip-failed.
 *
 * ## Example pipelines
 * |[
 * gst-launch-1.0 videotestsrc is-live=true num-buffers=90 ! x264enc tune=zerolatency ! h264parse !
 * animclipsink location=moment-{index}.webp
 * ]| Keeps the last ten seconds; an application emits the signal.
 */
#include "plugins/animclip/animclipsink.h"

#include <algorithm>
#include <utility>

#include "gst/glue/clock_time.h"
#include "gst/glue/element.h"
#include "gst/glue/handle.h"
#include "gst/glue/report.h"

namespace anim {

using namespace glue;

namespace {

constexpr const char* kSinkCaps =
    "video/x-h264, stream-format=avc, alignment=au; "
    "video/x-h265, stream-format=hvc1, alignment=au; "
    "video/x-vp8; video/x-vp9; "
    "video/x-av1, stream-format=obu-stream, alignment=tu; "
    "video/mpeg, mpegversion={1, 2, 4}, systemstream=false, parsed=true; "
    "image/jpeg; video/x-raw";

}  // namespace

AnimClipSink::AnimClipSink(GstBaseSink* self)
    : self_(self), captures_(std::make_shared<Captures>(GST_ELEMENT(self))) {
  gst_base_sink_set_last_sample_enabled(self, FALSE);
  // What is decoded for what comes after it, as before the beginning of an edit list.
  gst_base_sink_set_drop_out_of_segment(self, FALSE);
}

void AnimClipSink::class_init(GstBaseSinkClass* klass) {
  install_properties<AnimClipSink>(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  add_pad_template(element_class, "sink", GST_PAD_SINK, gst_caps_from_string(kSinkCaps));
  gst_element_class_set_static_metadata(element_class, "Animated clip sink", "Sink/Video",
                                        "Keeps the last seconds of a live stream and makes "
                                        "animated images of moments",
                                        "The gst-plugins-anim developers");
  /**
   * AnimClipSink::capture:
   * @location: (nullable): where the clip goes, a template; NULL: the property location
   * @running_time: the moment; GST_CLOCK_TIME_NONE: now
   *
   * Begins a clip and returns at once.
   *
   * Returns: the id of the clip in messages, 0 when it is refused
   */
  g_signal_new_class_handler("capture", G_TYPE_FROM_CLASS(klass),
                             static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
                             G_CALLBACK(&AnimClipSink::on_capture), nullptr, nullptr, nullptr,
                             G_TYPE_UINT, 2, G_TYPE_STRING, G_TYPE_UINT64);
  klass->set_caps = vfunc<AnimClipSink, &AnimClipSink::set_caps>;
  klass->event = vfunc<AnimClipSink, &AnimClipSink::event>;
  klass->unlock = vfunc<AnimClipSink, &AnimClipSink::unlock>;
  klass->unlock_stop = vfunc<AnimClipSink, &AnimClipSink::unlock_stop>;
  klass->render = vfunc<AnimClipSink, &AnimClipSink::render>;
  klass->get_times = &AnimClipSink::get_times;
  element_class->change_state = vfunc<AnimClipSink, &AnimClipSink::change_state>;
  element_class->send_event = vfunc<AnimClipSink, &AnimClipSink::send_event>;
}

// ---- Triggers ----

guint AnimClipSink::on_capture(GstElement* element, const gchar* location, guint64 running_time) {
  auto& self = impl<AnimClipSink>(element);
  Trigger trigger{.location = location != nullptr ? location : "", .running_time = running_time};
  return self.capture(trigger, self.now());
}

guint AnimClipSink::capture(const Trigger& trigger, std::optional<Nanoseconds> now) {
  const auto id = captures_->capture(trigger, now);
  if (id) return *id;
  post_warning(element(), id.error());
  return 0;
}

gboolean AnimClipSink::send_event(GstEvent* event) {
  const auto trigger = trigger_of(event);
  if (!trigger)
    return GST_ELEMENT_CLASS(parent_class<AnimClipSink>())->send_event(element(), event);
  gst_event_unref(event);
  return static_cast<gboolean>(capture(*trigger, now()) != 0);
}

// The running time of this moment; nothing while no clock counts. On the way to PLAYING it does:
// the first buffers come before that is reached.
std::optional<ClockReading> AnimClipSink::clock() const {
  const bool plays =
      GST_STATE(self_) == GST_STATE_PLAYING || GST_STATE_NEXT(self_) == GST_STATE_PLAYING;
  if (gst_base_sink_get_sync(self_) == FALSE || !plays) return {};
  GstClock* clock = gst_element_get_clock(element());
  if (clock == nullptr) return {};
  const auto time = time_or_none(gst_clock_get_time(clock));
  const auto base = time_or_none(gst_element_get_base_time(element()));
  gst_object_unref(clock);
  if (!time || !base) return {};
  return ClockReading{*time - *base, g_get_real_time() * 1000};
}

// What is on screen now has this running time: sinks show a picture so much later as the pipeline's
// latency is.
std::optional<Nanoseconds> AnimClipSink::now() const {
  const auto reading = clock();
  if (!reading) return {};
  const auto latency = time_or_none(gst_base_sink_get_latency(self_));
  return std::max(reading->running - latency.value_or(Nanoseconds(0)), Nanoseconds(0));
}

// ---- The stream ----

GstStateChangeReturn AnimClipSink::change_state(GstStateChange transition) {
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    if (Status begun = begin(); !begun) {
      post_error(element(), begun.error());
      return GST_STATE_CHANGE_FAILURE;
    }
  }
  const auto result =
      GST_ELEMENT_CLASS(parent_class<AnimClipSink>())->change_state(element(), transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    captures_->end();
    reduction_.reset();
  }
  return result;
}

Status AnimClipSink::begin() {
  const Settings now = settings.copy();
  if (const auto look = now.look(); !look) return look.error();
  if (!now.location.empty()) {
    if (Status location = check_location(now.location); !location) return location;
  }
  intake_ = Intake();
  captures_->change(now);
  captures_->begin();
  return success();
}

void AnimClipSink::property_changed(const char* /*name*/) {
  const std::lock_guard lock(changing_);  // the newest settings come last
  captures_->change(settings.copy());
}

gboolean AnimClipSink::unlock() {
  captures_->release();
  return TRUE;
}

gboolean AnimClipSink::unlock_stop() {
  captures_->hold();
  return TRUE;
}

gboolean AnimClipSink::set_caps(GstCaps* caps) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  if (gst_structure_has_name(structure, "video/x-raw") != FALSE) {
    return static_cast<gboolean>(begin_pictures(caps));
  }
  reduction_.reset();
  if (intake_.begin(caps)) return TRUE;
  const auto text = adopt(gst_caps_to_string(caps));
  post_error(element(), {ErrorCode::Unsupported,
                         "where decoding of this stream may begin cannot be told; put a parser "
                         "before animclipsink",
                         text.get()});
  return FALSE;
}

bool AnimClipSink::begin_pictures(GstCaps* caps) {
  if (!reduction_) {
    const Settings now = settings.copy();
    const auto look = now.look();
    auto reduction = std::make_unique<RawReduction>(RawReduction::Taker{
        [this](GstCaps* small) { return intake_.begin(small); },
        [this](GstBuffer* picture, const GstSegment& segment) { return take(picture, segment); }});
    const Status made =
        look ? reduction->make(*look, now.before() + now.after()) : Status(look.error());
    if (!made) {
      post_error(element(), made.error());
      return false;
    }
    reduction_ = std::move(reduction);
  }
  return reduction_->set_caps(caps);
}

gboolean AnimClipSink::event(GstEvent* event) {
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CUSTOM_DOWNSTREAM:
    case GST_EVENT_CUSTOM_DOWNSTREAM_OOB:
    case GST_EVENT_CUSTOM_BOTH:
      if (const auto trigger = trigger_of(event)) capture(*trigger, std::nullopt);
      break;
    case GST_EVENT_STREAM_START:
      intake_.begin_stream();
      break;
    case GST_EVENT_FLUSH_STOP:
      intake_.restart();
      if (reduction_) reduction_->restart();
      captures_->flush();
      break;
    case GST_EVENT_EOS:
      if (reduction_) reduction_->drain();
      if (!finish()) {
        gst_event_unref(event);
        return FALSE;
      }
      break;
    default:
      break;
  }
  return parent_class<AnimClipSink>()->event(self_, event);
}

// Waits for open clips; false when a flush ends that, and the stream's end with it. A pause only
// interrupts it. The base class holds its preroll lock around this, as wait_preroll() needs it.
bool AnimClipSink::finish() {
  while (!captures_->finish()) {
    if (gst_base_sink_wait_preroll(self_) != GST_FLOW_OK) return false;
  }
  return true;
}

// The sink waits by itself, for decoding times.
void AnimClipSink::get_times(GstBaseSink* /*sink*/, GstBuffer* /*buffer*/, GstClockTime* start,
                             GstClockTime* end) {
  *start = GST_CLOCK_TIME_NONE;
  *end = GST_CLOCK_TIME_NONE;
}

GstFlowReturn AnimClipSink::render(GstBuffer* buffer) {
  if (!reduction_) return take(buffer, self_->segment);
  const GstFlowReturn flow = reduction_->push(buffer, self_->segment);
  if (flow == GST_FLOW_ERROR || flow == GST_FLOW_NOT_NEGOTIATED) {
    return fail(element(), reduction_->error());
  }
  return flow;
}

// The base class prerolls with what it synchronises, which is nothing here. Before that no clock
// counts, and the first buffer could not be seen to lie far ahead of it.
GstFlowReturn AnimClipSink::take(GstBuffer* buffer, const GstSegment& segment) {
  const GstFlowReturn prerolled = gst_base_sink_do_preroll(self_, GST_MINI_OBJECT_CAST(buffer));
  if (prerolled != GST_FLOW_OK) return prerolled;
  auto arrived = intake_.take(buffer, segment, clock());
  if (!arrived) return GST_FLOW_OK;
  const Nanoseconds due =
      std::min(arrived->unit.time, arrived->unit.payload.decode_time.value_or(arrived->unit.time));
  const GstFlowReturn waited = gst_base_sink_wait(self_, clock_time(due), nullptr);
  if (waited != GST_FLOW_OK) return waited;
  captures_->add(std::move(*arrived), now());
  return GST_FLOW_OK;
}

GstStructure* AnimClipSink::stats() {
  const CaptureStats stats = captures_->stats();
  return gst_structure_new(
      "application/x-animclipsink-stats", "ring-bytes", G_TYPE_UINT64, stats.ring_bytes,
      "ring-begin", G_TYPE_UINT64, clock_time(stats.ring_begin), "ring-duration", G_TYPE_UINT64,
      clock_time(stats.ring_duration), "ring-groups", G_TYPE_UINT64, stats.ring_groups,
      "captures-open", G_TYPE_UINT, stats.open, "captures-done", G_TYPE_UINT64, stats.done,
      "captures-failed", G_TYPE_UINT64, stats.failed, nullptr);
}

bool register_animclipsink(GstPlugin* plugin) {
  return gst_element_register(plugin, "animclipsink", GST_RANK_NONE, type<AnimClipSink>()) != FALSE;
}

}  // namespace anim
