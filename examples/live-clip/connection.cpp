// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/connection.h"

#include <array>
#include <string_view>
#include <utility>

namespace live_clip {
namespace {

using anim::glue::adopt;
using anim::glue::Owned;

/// What animclipsink takes, by the parser that brings it into the form that it takes.
struct Codec {
  const char* caps;
  const char* parser;  // null: none is needed
};
constexpr std::array kCodecs = {
    Codec{"video/x-h264", "h264parse"},
    Codec{"video/x-h265", "h265parse"},
    Codec{"video/x-vp8", nullptr},
    Codec{"video/x-vp9", nullptr},
    Codec{"video/x-av1", "av1parse"},
    Codec{"video/mpeg, systemstream=(boolean)false, mpegversion=(int){1, 2}", "mpegvideoparse"},
    Codec{"video/mpeg, systemstream=(boolean)false, mpegversion=(int)4", "mpeg4videoparse"},
};

const Codec* codec_of(const GstCaps* caps) {
  for (const Codec& codec : kCodecs) {
    const auto own = adopt(gst_caps_from_string(codec.caps));
    if (gst_caps_can_intersect(caps, own.get()) != FALSE) return &codec;
  }
  return nullptr;
}

std::string_view name_of(const GstCaps* caps) {
  return gst_structure_get_name(gst_caps_get_structure(caps, 0));
}

Owned<GstElement> make(const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (element != nullptr) gst_object_ref_sink(element);
  return adopt(element);
}

bool is_of(const GstCaps* caps, std::string_view kind) {
  return name_of(caps).substr(0, kind.size()) == kind;
}

}  // namespace

Connection::Connection(GstElement* pipeline, GstPad* sink, const ConnectionSettings& settings)
    : pipeline_(pipeline), sink_(sink), settings_(settings), anchor_(pipeline) {
  bin_ = adopt(GST_ELEMENT(gst_object_ref_sink(gst_bin_new(nullptr))));
  source_ = gst_element_factory_make("uridecodebin", nullptr);
  g_object_set(source_, "uri", settings.uri.c_str(), nullptr);
  g_signal_connect(source_, "autoplug-continue", G_CALLBACK(&Connection::on_continue), this);
  g_signal_connect(source_, "pad-added", G_CALLBACK(&Connection::on_pad), this);
  g_signal_connect(source_, "no-more-pads", G_CALLBACK(&Connection::on_no_more_pads), this);
  gst_bin_add(GST_BIN(bin_.get()), source_);
  gst_bin_add(GST_BIN(pipeline_), bin_.get());
  gst_element_sync_state_with_parent(bin_.get());
}

Connection::~Connection() {
  const auto peer = adopt(gst_pad_get_peer(sink_));
  if (peer) gst_pad_unlink(peer.get(), sink_);
  gst_element_set_locked_state(bin_.get(), TRUE);
  gst_element_set_state(bin_.get(), GST_STATE_NULL);
  gst_bin_remove(GST_BIN(pipeline_), bin_.get());
}

bool Connection::is_inside(GstObject* object) const {
  return gst_object_has_as_ancestor(object, GST_OBJECT(bin_.get())) != FALSE;
}

gboolean Connection::on_continue(GstElement* /*source*/, GstPad* /*pad*/, GstCaps* caps,
                                 gpointer self) {
  if (codec_of(caps) != nullptr) return FALSE;  // stays encoded
  const bool wants_sound =
      static_cast<Connection*>(self)->settings_.moments == MomentKind::Loudness;
  if (is_of(caps, "audio/")) return static_cast<gboolean>(wants_sound);
  return static_cast<gboolean>(!is_of(caps, "text/") && !is_of(caps, "subpicture/"));
}

void Connection::on_pad(GstElement* /*source*/, GstPad* pad, gpointer self) {
  auto& connection = *static_cast<Connection*>(self);
  auto caps = adopt(gst_pad_get_current_caps(pad));
  if (!caps) caps = adopt(gst_pad_query_caps(pad, nullptr));
  if (gst_caps_is_any(caps.get()) != FALSE || gst_caps_is_empty(caps.get()) != FALSE) return;
  const std::scoped_lock lock(connection.pads_);
  if (is_of(caps.get(), "video/")) connection.take_video(pad, caps.get());
  if (is_of(caps.get(), "audio/x-raw")) connection.take_sound(pad);
}

void Connection::on_no_more_pads(GstElement* /*source*/, gpointer self) {
  auto& connection = *static_cast<Connection*>(self);
  const std::scoped_lock lock(connection.pads_);
  const bool wants_sound = connection.settings_.moments == MomentKind::Loudness;
  if (connection.video_ == nullptr) {
    connection.end("the stream has no video");
  } else if (wants_sound && connection.sound_ == nullptr) {
    connection.end("the stream has no sound, which --on loudness listens to");
  }
}

/// Of several video streams the first counts; an HLS presentation that changes to another variant
/// gives the video another pad.
void Connection::take_video(GstPad* pad, const GstCaps* caps) {
  const bool is_first = video_ == nullptr;
  if (is_first) video_ = build_video(caps);
  if (video_ == nullptr) return;
  const auto entry = adopt(gst_element_get_static_pad(video_, "sink"));
  if (gst_pad_is_linked(entry.get()) != FALSE) return;
  anchor_.attach(pad, true);
  if (gst_pad_link(pad, entry.get()) != GST_PAD_LINK_OK) {
    end(is_first ? "its video cannot be taken" : "its video has become another codec");
  }
}

/// The first element behind the source's video; all behind it are linked. Null after end().
GstElement* Connection::build_video(const GstCaps* caps) {
  const Codec* codec = codec_of(caps);
  const char* parser = codec != nullptr && codec->parser != nullptr ? codec->parser : "identity";
  GstElement* first = add(make(parser));
  if (first == nullptr || settings_.moments != MomentKind::Scene) {
    if (first != nullptr) expose(first);
    return first;
  }
  GstElement* tee = add(make("tee"));
  GstElement* tap = add(make_scene_tap(settings_.threshold));
  if (tee == nullptr || tap == nullptr) return nullptr;
  gst_element_link(first, tee);
  expose(tee);  // first, so that the tap sees a picture when the sink has it
  gst_element_link(tee, tap);
  return first;
}

/// Links the last element's output to the sink, through the wall of the bin.
void Connection::expose(GstElement* last) {
  auto pad = adopt(gst_element_get_static_pad(last, "src"));
  if (!pad) pad = adopt(gst_element_request_pad_simple(last, "src_%u"));
  GstPad* ghost = gst_ghost_pad_new("video", pad.get());
  gst_pad_set_active(ghost, TRUE);
  gst_pad_add_probe(
      ghost,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      &Connection::on_output, this, nullptr);
  gst_element_add_pad(bin_.get(), ghost);
  if (gst_pad_link(ghost, sink_) != GST_PAD_LINK_OK) end("its video cannot be taken");
}

void Connection::take_sound(GstPad* pad) {
  if (settings_.moments != MomentKind::Loudness) return;
  if (sound_ == nullptr) sound_ = add(make_loudness_tap());
  if (sound_ == nullptr) return;
  const auto entry = adopt(gst_element_get_static_pad(sound_, "sink"));
  if (gst_pad_is_linked(entry.get()) != FALSE) return;
  anchor_.attach(pad, false);
  gst_pad_link(pad, entry.get());
}

GstPadProbeReturn Connection::on_output(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) {
  auto& connection = *static_cast<Connection*>(self);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    ++connection.frames_;
    return GST_PAD_PROBE_OK;
  }
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS) return GST_PAD_PROBE_OK;
  connection.end(kEnd);
  return GST_PAD_PROBE_DROP;  // another connection goes on
}

/// Adds an element to the bin and starts it.
GstElement* Connection::add(Owned<GstElement> element) {
  if (!element) {
    end("an element of GStreamer that it needs is missing");
    return nullptr;
  }
  GstElement* added = element.get();
  gst_bin_add(GST_BIN(bin_.get()), added);
  gst_element_sync_state_with_parent(added);
  return added;
}

void Connection::end(const std::string& reason) {
  GstStructure* ended =
      gst_structure_new("live-clip-ended", "reason", G_TYPE_STRING, reason.c_str(), nullptr);
  GstObject* bin = GST_OBJECT(bin_.get());
  gst_element_post_message(bin_.get(), gst_message_new_element(bin, ended));
}

}  // namespace live_clip
