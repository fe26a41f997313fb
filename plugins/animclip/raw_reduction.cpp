// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/raw_reduction.h"

#include <utility>
#include <vector>

#include "gst/core/chain.h"
#include "gst/core/plan.h"
#include "gst/glue/graph.h"

namespace anim {
namespace {

// What the encoders take.
constexpr const char* kSmallCaps =
    "video/x-raw, format={I420, YV12, NV12, A420, Y444, GRAY8, RGB, BGR, RGBx, BGRx, RGBA, BGRA}";

bool is_same(const GstSegment& a, const GstSegment& b) {
  return gst_segment_is_equal(&a, &b) != FALSE;
}

glue::Owned<GstPad> pad_of(GstElement* element, const char* name) {
  return glue::adopt(gst_element_get_static_pad(element, name));
}

}  // namespace

RawReduction::RawReduction(Taker taker) : taker_(std::move(taker)), bus_(gst_bus_new()) {}

RawReduction::~RawReduction() {
  for (GstElement* element : {sampler_.get(), scaler_.get()}) {
    if (element == nullptr) continue;
    gst_element_set_state(element, GST_STATE_NULL);
    gst_element_set_bus(element, nullptr);
  }
  for (GstPad* pad : {feed_.get(), drain_.get()}) {
    if (pad != nullptr) gst_pad_set_active(pad, FALSE);
  }
}

Status RawReduction::make(const AnimationRequest& look, Nanoseconds length) {
  if (look.mode == SamplingMode::Key) {
    return Error{ErrorCode::Unsupported,
                 "animation: /Mode: \"key\" needs encoded video, and this is decoded already",
                 {}};
  }
  AnimationRequest whole = look;
  whole.start_time = Rational(0);
  whole.number = 0;
  // Scenes are picked, and the order turned, in a clip; any size will do for the plan.
  if (whole.mode != SamplingMode::Even) whole.mode = SamplingMode::Interval;
  SourceFacts facts;
  facts.size = {16, 16};
  facts.length = length;
  const auto plan = plan_output(whole, facts);
  if (!plan) return plan.error();
  std::vector<ElementSpec> specs = output_chain(whole, *plan);
  specs[0].properties.emplace_back("retime", "false");
  auto sampler = make_from(specs[0]);
  if (!sampler) return sampler.error();
  sampler_ = glue::adopt(GST_ELEMENT(gst_object_ref_sink(*sampler)));
  auto scaler = make_from(specs[1]);
  if (!scaler) return scaler.error();
  scaler_ = glue::adopt(GST_ELEMENT(gst_object_ref_sink(*scaler)));
  return connect();
}

Status RawReduction::connect() {
  const auto caps = glue::adopt(gst_caps_from_string(kSmallCaps));
  const auto like = glue::adopt(GST_OBJECT(
      gst_object_ref_sink(gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps.get()))));
  feed_ = glue::adopt(GST_PAD(gst_object_ref_sink(gst_pad_new("feed", GST_PAD_SRC))));
  drain_ = glue::adopt(GST_PAD(
      gst_object_ref_sink(gst_pad_new_from_template(GST_PAD_TEMPLATE(like.get()), "drain"))));
  gst_pad_set_element_private(drain_.get(), this);
  gst_pad_set_chain_function(drain_.get(), &RawReduction::take);
  gst_pad_set_event_function(drain_.get(), &RawReduction::take_event);
  gst_pad_set_active(drain_.get(), TRUE);
  gst_pad_set_active(feed_.get(), TRUE);
  for (GstElement* element : {scaler_.get(), sampler_.get()}) {
    gst_element_set_bus(element, bus_.get());
    gst_element_set_state(element, GST_STATE_PLAYING);
  }
  const auto input = pad_of(sampler_.get(), "sink");
  const auto between = pad_of(sampler_.get(), "src");
  const auto scaler = pad_of(scaler_.get(), "sink");
  const auto output = pad_of(scaler_.get(), "src");
  const bool linked = gst_pad_link(feed_.get(), input.get()) == GST_PAD_LINK_OK &&
                      gst_pad_link(between.get(), scaler.get()) == GST_PAD_LINK_OK &&
                      gst_pad_link(output.get(), drain_.get()) == GST_PAD_LINK_OK;
  if (!linked) return Error{ErrorCode::Internal, "cannot link the scaler of pictures", {}};
  begin_stream();
  return success();
}

void RawReduction::begin_stream() {
  gst_segment_init(&given_, GST_FORMAT_UNDEFINED);
  gst_segment_init(&segment_, GST_FORMAT_TIME);
  newest_.reset();
  gst_pad_push_event(feed_.get(), gst_event_new_stream_start("pictures"));
  if (caps_) gst_pad_push_event(feed_.get(), gst_event_new_caps(caps_.get()));
}

bool RawReduction::set_caps(GstCaps* caps) {
  caps_ = glue::share(caps);
  return gst_pad_push_event(feed_.get(), gst_event_new_caps(caps)) != FALSE;
}

GstFlowReturn RawReduction::push(GstBuffer* picture, const GstSegment& segment) {
  GstSegment from = segment;
  from.position = 0;
  if (!is_same(from, given_)) {
    given_ = from;
    gst_pad_push_event(feed_.get(), gst_event_new_segment(&from));
  }
  return gst_pad_push(feed_.get(), gst_buffer_ref(picture));
}

void RawReduction::drain() {
  gst_pad_push_event(feed_.get(), gst_event_new_eos());
  restart();  // another stream may follow
}

void RawReduction::restart() {
  gst_pad_push_event(feed_.get(), gst_event_new_flush_start());
  gst_pad_push_event(feed_.get(), gst_event_new_flush_stop(TRUE));
  begin_stream();
}

// A sample that shows a picture again is the same picture.
GstFlowReturn RawReduction::take(GstPad* pad, GstObject* /*parent*/, GstBuffer* buffer) {
  auto& self = *static_cast<RawReduction*>(gst_pad_get_element_private(pad));
  const auto owned = glue::adopt(buffer);
  const GstClockTime time = GST_BUFFER_PTS(buffer);
  if (self.newest_ == time) return GST_FLOW_OK;
  self.newest_ = time;
  return self.taker_.picture(buffer, self.segment_);
}

gboolean RawReduction::take_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  auto& self = *static_cast<RawReduction*>(gst_pad_get_element_private(pad));
  if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    GstCaps* caps = nullptr;
    gst_event_parse_caps(event, &caps);
    const bool taken = self.taker_.caps(caps);
    gst_event_unref(event);
    return static_cast<gboolean>(taken);
  }
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) gst_event_copy_segment(event, &self.segment_);
  return gst_pad_event_default(pad, parent, event);
}

Error RawReduction::error() {
  const auto message = glue::adopt(gst_bus_pop_filtered(bus_.get(), GST_MESSAGE_ERROR));
  if (!message) return {ErrorCode::Internal, "the pictures cannot be made small", {}};
  GError* raw = nullptr;
  gst_message_parse_error(message.get(), &raw, nullptr);
  const auto error = glue::adopt(raw);
  return {ErrorCode::ReadFailed, error->message, {}};
}

}  // namespace anim
