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

#include <gst/video/video.h>

#include "gst/glue/clock_time.h"
#include "gst/glue/report.h"
#include "plugins/animsampling/key_events.h"
#include "plugins/animsampling/queries.h"
#include "plugins/animsampling/rate_caps.h"
#include "plugins/animsampling/seek.h"

namespace anim {

using namespace glue;

namespace {

// A gap or a still picture: the frame on screen stays there. Until when, the next frame says, and
// at the end of the stream a gap of frames that are missing.
bool is_pause(GstEvent* event) {
  return GST_EVENT_TYPE(event) == GST_EVENT_GAP ||
         gst_video_event_parse_still_frame(event, nullptr) != FALSE;
}

}  // namespace

IntervalSampler::IntervalSampler(GstElement* self)
    : FilterElement(self), held_(src_), output_(src_, progress_), skip_(self, sink_) {
  gst_pad_set_query_function(sink_, (pad_function<IntervalSampler, &IntervalSampler::sink_query>));
  gst_pad_set_event_function(src_, (pad_function<IntervalSampler, &IntervalSampler::src_event>));
  gst_pad_set_query_function(src_, (pad_function<IntervalSampler, &IntervalSampler::src_query>));
}

// ---- Start and end ----

void IntervalSampler::start() {
  has_warned_ = false;
  progress_.reset();
  input_.reset();
  skip_.reset();
  start_over();
}

void IntervalSampler::stop() {
  held_.forget();
  skip_.stop();
}

void IntervalSampler::start_over() {
  held_.forget();
  is_input_over_ = false;
  now_ = settings.copy();
  sampler_ = Sampler(now_.plan());
  keys_.clear();
  clock_ = FrameClock();
  clock_.set_distance(frame_distance(sink_));
  skip_.start_over(now_.skip_decoding);
  output_.start_over(now_.retime);
  output_.set_stream_start(output_start());
}

// The held frame's last samples, as far as its end is known now.
GstFlowReturn IntervalSampler::drain() {
  const GstFlowReturn flow = held_ ? push_held(last_run()) : GST_FLOW_OK;
  held_.send_events();
  return flow;
}

Run IntervalSampler::last_run() {
  const Nanoseconds stop = input_.wished_stop();
  const bool ends_as_told = keys_.are_told() && sampler_.takes_every_frame();
  if (ends_as_told) return sampler_.end_at(keys_.end(), stop);
  return sampler_.end(held_.duration(), clock_.distance(), stop);
}

// ---- Events from upstream ----

bool IntervalSampler::take_event(Owned<GstEvent> event) {
  const GstEventType type = GST_EVENT_TYPE(event.get());
  if (!GST_EVENT_IS_SERIALIZED(event.get())) return pass_on(std::move(event));
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
  if (is_pause(event.get())) return take_pause(event.get());
  return held_.forward(std::move(event));
}

bool IntervalSampler::take_pause(GstEvent* event) {
  if (const auto until = input_.missing_until(event)) sampler_.hold_until(*until);
  return true;
}

// With new times it is told anew which of the frames that leave are random access points.
bool IntervalSampler::pass_key_event(Owned<GstEvent> event) {
  if (takes_keys() || !is_random_access_event(event.get())) return true;
  if (now_.retime && random_access_timestamp(event.get())) return true;
  return held_.forward(std::move(event));
}

bool IntervalSampler::take_flush_stop(Owned<GstEvent> event) {
  held_.store_sticky_events();
  input_.flush();
  start_over();
  return pass_on(std::move(event));
}

// A stream that follows an end is a new one. One that follows another without an end (concat) goes
// on with that, for which the samples may have ended already.
bool IntervalSampler::take_stream_start(Owned<GstEvent> event) {
  if (output_.has_ended() && !is_input_over_) return true;
  if (output_.has_ended()) {
    input_.reset();
    progress_.set_seek_has_stop({});
    start_over();
  }
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
  const auto out = RateCaps(now_).with_output_rate(caps);
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
  input_.begin(*segment, progress_.seek_has_stop().value_or(input_.is_after_flush()));
  skip_.look_again();
  output_.set_stream_start(output_start());
  if (!output_.has_segment() && input_.begins_in_the_middle()) {
    sampler_ = Sampler(now_.plan(), Zero::SegmentStart);
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
  const auto told = input_.running_time(GST_BUFFER_PTS(buffer));
  const auto timed = clock_.next(told, input_.running_duration(buffer));
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
  if (input_.is_after_flush() || sampler_.zero()) return;
  progress_.set_stream_zero(input_.stream_time(buffer).value_or(Nanoseconds(0)));
}

// After a seek, where in the whole output the samples of this segment are.
Nanoseconds IntervalSampler::output_start() const {
  if (!input_.begins_in_the_middle()) return Nanoseconds(0);
  return now_.plan().to_output(input_.stream_start() - progress_.stream_zero());
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

bool register_intervalsampler(GstPlugin* plugin) {
  return register_filter<IntervalSampler>(plugin);
}

}  // namespace anim
