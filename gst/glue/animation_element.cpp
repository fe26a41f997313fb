// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/animation_element.h"

#include <algorithm>
#include <utility>

#include "gst/core/rational.h"
#include "gst/glue/handle.h"
#include "gst/glue/report.h"

namespace anim::glue {
namespace {

std::optional<Nanoseconds> optional_time(GstClockTime time) {
  if (!GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
  return Nanoseconds(static_cast<std::int64_t>(time));
}

}  // namespace

void AnimationElement::add_interfaces(GType type) {
  static const GInterfaceInfo info{};
  g_type_add_interface_static(type, GST_TYPE_PRESET, &info);
}

AnimationElement::AnimationElement(GstElement* self, const AnimationKind& kind,
                                   const PadFunctions& functions)
    : self_(self), kind_(kind) {
  sink_ = add_pad(self, "sink");
  source_ = add_pad(self, "src");
  gst_pad_set_chain_function(sink_, functions.chain);
  gst_pad_set_event_function(sink_, functions.event);
  gst_pad_set_query_function(sink_, functions.query);
  gst_pad_use_fixed_caps(source_);
  reset();
}

GstStateChangeReturn AnimationElement::change_state(GstStateChange transition) {
  const GstStateChangeReturn result =
      GST_ELEMENT_CLASS(g_type_class_peek(GST_TYPE_ELEMENT))->change_state(self_, transition);
  // The pads have been stopped: no streaming thread is in here any more.
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    reset();
    info_.reset();
    waiting_events_.clear();
    tags_.reset();
  }
  return result;
}

/// Abandons the animation; what was sent of it stays where it is.
void AnimationElement::reset() {
  running_.reset();
  failed_ = false;
  gst_segment_init(&segment_, GST_FORMAT_UNDEFINED);
}

GstStructure* AnimationElement::stats() {
  const AnimationStats now = stats_.copy();
  return gst_structure_new("stats", "frames-in", G_TYPE_UINT64, now.frames_in, "frames-stored",
                           G_TYPE_UINT64, now.frames_stored, "bytes", G_TYPE_UINT64, now.bytes,
                           "duration", G_TYPE_UINT64, static_cast<guint64>(now.duration.count()),
                           nullptr);
}

gboolean AnimationElement::sink_query(GstPad* pad, GstQuery* query) {
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_ACCEPT_CAPS:
      // The CAPS event refuses with a reason; here there is only "no".
      gst_query_set_accept_caps_result(query, TRUE);
      return TRUE;
    case GST_QUERY_ALLOCATION:
      gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
      return TRUE;
    default:
      return gst_pad_query_default(pad, GST_OBJECT(self_), query);
  }
}

gboolean AnimationElement::sink_event(GstPad* pad, GstEvent* raw) {
  auto event = adopt(raw);
  switch (GST_EVENT_TYPE(event.get())) {
    case GST_EVENT_CAPS: {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event.get(), &caps);
      return set_caps(caps) ? TRUE : FALSE;
    }
    case GST_EVENT_SEGMENT:
      return set_segment(event.get()) ? TRUE : FALSE;
    case GST_EVENT_GAP:
      hold(event.get());
      return TRUE;
    case GST_EVENT_EOS:
      return end() ? gst_pad_push_event(source_, event.release()) : FALSE;
    case GST_EVENT_FLUSH_STOP:
      reset();
      break;
    case GST_EVENT_STREAM_START:
      tags_.reset();
      break;
    case GST_EVENT_TAG:
      note_tags(event.get());
      if (running_) break;
      waiting_events_.push_back(std::move(event));
      return TRUE;
    default:
      break;
  }
  return gst_pad_event_default(pad, GST_OBJECT(self_), event.release());
}

bool AnimationElement::set_caps(GstCaps* caps) {
  Status status = check_caps(caps, kind_, sink_);
  if (status) status = take_caps(caps);
  if (!status) {
    (void)refuse(status.error());
    return false;
  }
  if (running_) {
    running_->times.set_nominal(nominal_distance());
  } else if (const auto warning = shape_warning(*info_)) {
    warn(*warning);
  }
  return true;
}

Status AnimationElement::take_caps(GstCaps* caps) {
  GstVideoInfo info;
  if (gst_video_info_from_caps(&info, caps) == FALSE) {
    return Error{ErrorCode::Unsupported, "the video's caps cannot be understood", text_of(caps)};
  }
  const bool has_alpha = GST_VIDEO_INFO_HAS_ALPHA(&info) != FALSE;
  if (running_ && has_alpha && !running_->has_alpha && !kind_.late_alpha) {
    return Error{ErrorCode::Unsupported,
                 std::string("the video has alpha from here on, but ") + kind_.media_type +
                     " must know it from the first frame; give it one format from the beginning",
                 text_of(caps)};
  }
  info_ = info;
  return converter_.configure(info, picture_format(info));
}

void AnimationElement::push_caps() {
  const auto caps = adopt(gst_caps_new_simple(
      kind_.media_type, "width", G_TYPE_INT, GST_VIDEO_INFO_WIDTH(&*info_), "height", G_TYPE_INT,
      GST_VIDEO_INFO_HEIGHT(&*info_), "framerate", GST_TYPE_FRACTION, GST_VIDEO_INFO_FPS_N(&*info_),
      GST_VIDEO_INFO_FPS_D(&*info_), nullptr));
  gst_pad_push_event(source_, gst_event_new_caps(caps.get()));
  for (auto& event : std::exchange(waiting_events_, {})) {
    gst_pad_push_event(source_, event.release());
  }
}

bool AnimationElement::set_segment(GstEvent* event) {
  gst_event_copy_segment(event, &segment_);
  if (segment_.format == GST_FORMAT_TIME) return true;
  (void)refuse({ErrorCode::Unsupported,
                std::string("the stream counts in ") + gst_format_get_name(segment_.format) +
                    ", but frames need times (an appsrc wants format=time)",
                {}});
  return false;
}

/// Where [start, start + length) is shown, cut to the segment. Without a start there is no span.
AnimationElement::Clipped AnimationElement::clip(GstClockTime start, GstClockTime length,
                                                 std::optional<Span>& span) const {
  if (!GST_CLOCK_TIME_IS_VALID(start)) return Clipped::Inside;
  const auto nominal = nominal_distance();
  const bool is_told = GST_CLOCK_TIME_IS_VALID(length) && length > 0;
  const GstClockTime known = is_told ? length : (nominal ? nominal->count() : 1);
  guint64 from = 0;
  guint64 to = 0;
  if (!gst_segment_clip(&segment_, GST_FORMAT_TIME, start, start + known, &from, &to)) {
    return Clipped::Outside;
  }
  const auto a = optional_time(gst_segment_to_running_time(&segment_, GST_FORMAT_TIME, from));
  const auto b = optional_time(gst_segment_to_running_time(&segment_, GST_FORMAT_TIME, to));
  if (!a || !b) return Clipped::Outside;
  span = Span{std::min(*a, *b), std::nullopt};  // a reversed segment swaps the ends
  if (is_told) span->length = std::max(*a, *b) - span->start;
  return Clipped::Inside;
}

std::optional<Nanoseconds> AnimationElement::nominal_distance() const {
  if (!info_ || info_->fps_n <= 0) return std::nullopt;
  return Nanoseconds(mul_div_round(kSecond, info_->fps_d, info_->fps_n));
}

void AnimationElement::note_tags(GstEvent* event) {
  GstTagList* given = nullptr;
  gst_event_parse_tag(event, &given);
  const bool is_own = gst_tag_list_get_scope(given) == GST_TAG_SCOPE_STREAM;
  tags_ = adopt(
      gst_tag_list_merge(tags_.get(), given, is_own ? GST_TAG_MERGE_REPLACE : GST_TAG_MERGE_KEEP));
}

void AnimationElement::warn(const Error& warning) const {
  post_warning(self_, warning);
}

void AnimationElement::hold(GstEvent* gap) {
  GstClockTime start = GST_CLOCK_TIME_NONE;
  GstClockTime length = GST_CLOCK_TIME_NONE;
  gst_event_parse_gap(gap, &start, &length);
  std::optional<Span> span;
  if (!running_ || clip(start, length, span) == Clipped::Outside || !span) return;
  running_->times.hold_until(span->start + span->length.value_or(Nanoseconds(0)));
}

GstFlowReturn AnimationElement::chain(GstPad* /*pad*/, GstBuffer* raw) {
  const auto buffer = adopt(raw);
  if (failed_) return GST_FLOW_ERROR;
  if (!info_ || segment_.format != GST_FORMAT_TIME) return GST_FLOW_NOT_NEGOTIATED;
  try {
    return encode(buffer.get());
  } catch (...) {
    // PadFunction makes an error of it; what is half done is not gone on with.
    failed_ = true;
    running_.reset();
    throw;
  }
}

GstFlowReturn AnimationElement::encode(GstBuffer* buffer) {
  std::optional<Span> span;
  if (clip(GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer), span) == Clipped::Outside) {
    return GST_FLOW_OK;
  }
  const auto length = span ? span->length : optional_time(GST_BUFFER_DURATION(buffer));
  if (!running_) {
    if (Status status = begin(); !status) return refuse(status.error());
  }
  const auto start = span ? std::optional(span->start) : std::nullopt;
  const Nanoseconds shown = running_->times.add(start, length);
  MappedFrame frame(*info_, buffer, GST_MAP_READ);
  if (!frame || !narrow(frame)) {
    return refuse({ErrorCode::ReadFailed, "a video frame is not as its caps say", {}});
  }
  return deliver(running_->encoder->add(converter_.convert(*frame.get()), shown));
}

/// A buffer's own meta may say more pixels than the caps (padding): the caps count.
bool AnimationElement::narrow(MappedFrame& frame) const {
  GstVideoInfo& mapped = frame.get()->info;
  if (mapped.finfo != info_->finfo || mapped.width < info_->width ||
      mapped.height < info_->height) {
    return false;
  }
  mapped.width = info_->width;
  mapped.height = info_->height;
  return true;
}

Status AnimationElement::begin() {
  const AnimationWishes wishes = this->wishes();
  auto encoder = make_encoder(wishes);
  if (!encoder) return encoder.error();
  AnimationOutput output(source_);
  push_caps();
  if (wishes.target_size > 0) {
    output.open_late();
  } else if (Status status = output.open(kind_.patches, wishes.spool_folder); !status) {
    return status;
  }
  const bool has_alpha = GST_VIDEO_INFO_HAS_ALPHA(&*info_) != FALSE;
  running_.emplace(Running{std::move(*encoder), std::move(output), {}, has_alpha});
  running_->times.set_nominal(nominal_distance());
  return success();
}

Result<std::unique_ptr<AnimationEncoder>> AnimationElement::make_encoder(
    const AnimationWishes& wishes) {
  const Size canvas{GST_VIDEO_INFO_WIDTH(&*info_), GST_VIDEO_INFO_HEIGHT(&*info_)};
  const EncoderAt encoder = encoder_at(canvas, GST_VIDEO_INFO_HAS_ALPHA(&*info_) != FALSE);
  if (wishes.target_size == 0) return encoder(wishes.quality);
  return make_sized_animation(encoder, {.target = wishes.target_size,
                                        .range = kind_.qualities,
                                        .first = wishes.quality,
                                        .folder = wishes.spool_folder,
                                        .is_cancelled = [this] { return is_flushing(); },
                                        .warn = [this](const Error& warning) { warn(warning); }});
}

/// Whether this animation is no longer wanted: a flush or a change of state waits for the streaming
/// thread.
bool AnimationElement::is_flushing() const {
  GST_OBJECT_LOCK(sink_);
  const bool is_flushing = GST_PAD_IS_FLUSHING(sink_);
  GST_OBJECT_UNLOCK(sink_);
  return is_flushing;
}

GstFlowReturn AnimationElement::deliver(Result<Bytes> bytes) {
  if (!bytes) return is_flushing() ? GST_FLOW_FLUSHING : refuse(bytes.error());
  const AnimationStats now = running_->encoder->stats();
  stats_.change([&](AnimationStats& stats) { stats = now; });
  return outcome(running_->output.append(std::move(*bytes)));
}

GstFlowReturn AnimationElement::outcome(const AnimationOutput::Sent& sent) {
  return sent.status.ok() ? sent.flow : refuse(sent.status.error());
}

/// The one error of this animation; what comes after it is turned away.
GstFlowReturn AnimationElement::refuse(const Error& error) {
  failed_ = true;
  running_.reset();
  return fail(self_, error);
}

/// The end of the stream; whether downstream may be told.
bool AnimationElement::end() {
  if (failed_) return false;
  if (!running_) {
    (void)refuse({ErrorCode::InvalidArgument,
                  "the stream ended before any frame arrived: there is nothing to make an "
                  "animation of",
                  {}});
    return false;
  }
  const GstFlowReturn flow = finish();
  if (failed_ || flow == GST_FLOW_FLUSHING) return false;
  running_.reset();
  return true;
}

GstFlowReturn AnimationElement::finish() {
  AnimationEncoder& encoder = *running_->encoder;
  GstFlowReturn flow = deliver(encoder.finish(running_->times.end()));
  while (flow == GST_FLOW_OK) {
    auto more = encoder.rest();
    if (more && more->empty()) return outcome(running_->output.finish(encoder.patches()));
    flow = deliver(std::move(more));
  }
  return flow;
}

}  // namespace anim::glue
