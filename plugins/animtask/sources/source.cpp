// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/source.h"

#include <optional>
#include <string_view>
#include <utility>

#include <gst/video/video.h>

#include "gst/glue/graph.h"
#include "plugins/animtask/sources/bin_parts.h"
#include "plugins/animtask/sources/gate.h"
#include "plugins/animtask/sources/playlist_gate.h"
#include "plugins/animtask/sources/presigned_reader.h"
#include "plugins/animtask/sources/source_words.h"

namespace anim {
namespace {

// GstAutoplugSelectResult of parsebin, which no header declares.
constexpr gint kAutoplugTry = 0;
constexpr gint kAutoplugSkip = 2;

constexpr std::size_t kMostDemuxers = 16;  // one in the other; honest files have three at most

constexpr auto kHoldTypes = static_cast<GstPadProbeType>(
    GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST |
    GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);

// The newer adaptive demuxers cannot read file:// and need a streams-aware parent.
gint select_factory(GstElement* /*parsebin*/, GstPad* /*pad*/, GstCaps* /*caps*/,
                    GstElementFactory* factory, gpointer /*data*/) {
  const std::string_view name = GST_OBJECT_NAME(factory);
  // avdec_gif is given arbitrary pieces of the file, decodes one picture and never ends.
  const bool refused =
      name == "hlsdemux2" || name == "dashdemux2" || name == "mssdemux2" || name == "avdec_gif";
  return refused ? kAutoplugSkip : kAutoplugTry;
}

bool is_eos(const GstPadProbeInfo* info) {
  return (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0 &&
         GST_EVENT_TYPE(static_cast<GstEvent*>(info->data)) == GST_EVENT_EOS;
}

bool is_event(const GstPadProbeInfo* info) {
  return (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0;
}

}  // namespace

Source::Source(GstBin* bin, SourceInput input, Events events)
    : bin_(bin),
      input_(std::move(input)),
      place_(input_.rules.place),
      events_(std::move(events)),
      streams_(place_.uri) {}

Source::~Source() {
  close();
}

void Source::adopt(glue::Owned<GstElement>& slot, GstElement* element) {
  gst_bin_add(bin_, element);
  slot = glue::share(element);
}

Status Source::open() {
  const auto reader = make_reader(input_);
  if (!reader) return reader.error();
  adopt(reader_, *reader);
  reading_.watch(*reader);
  const auto parsebin = make_element("parsebin");
  if (!parsebin) return parsebin.error();
  adopt(parsebin_, *parsebin);
  const auto gate = make_element("samplegate");
  if (!gate) return gate.error();
  adopt(gate_, *gate);
  gst_element_set_locked_state(*gate, TRUE);  // until it knows what is wanted
  const auto decodebin = make_element("decodebin");
  if (!decodebin) return decodebin.error();
  adopt(decodebin_, *decodebin);
  watch_nested_sources(GST_BIN(*parsebin), input_.rules,
                       [this](Error error) { refuse(std::move(error)); });
  g_signal_connect(*parsebin, "autoplug-select", G_CALLBACK(&Source::parser_selected), this);
  g_signal_connect(*decodebin, "autoplug-select", G_CALLBACK(select_factory), nullptr);
  g_signal_connect(*parsebin, "pad-added", G_CALLBACK(&Source::stream_added), this);
  g_signal_connect(*decodebin, "pad-added", G_CALLBACK(&Source::picture_pad_added), this);
  const auto gated = glue::adopt(gst_element_get_static_pad(*gate, "src"));
  gst_pad_add_probe(gated.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, &Source::gate_ended, this,
                    nullptr);
  gst_element_link(*gate, *decodebin);
  if (gst_element_link(*reader, *parsebin) != FALSE) return success();
  return Error{ErrorCode::Internal, "cannot link the reader to parsebin", {}};
}

bool Source::follow_bin() {
  // The reader last: it begins to give.
  for (auto* element : {&decodebin_, &parsebin_, &reader_}) {
    if (gst_element_sync_state_with_parent(element->get()) == FALSE) return false;
  }
  return true;
}

void Source::refuse(Error error) {
  events_.failure(failure_of(std::move(error)));
}

gint Source::parser_selected(GstElement* parsebin, GstPad* pad, GstCaps* caps,
                             GstElementFactory* factory, gpointer self) {
  const gint selected = select_factory(parsebin, pad, caps, factory, nullptr);
  const std::string_view klass =
      gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_KLASS);
  if (selected != kAutoplugTry || klass.find("Demux") == klass.npos) return selected;
  auto& source = *static_cast<Source*>(self);
  const bool is_adaptive = klass.find("Adaptive") != klass.npos;
  const Above above = parts_above(pad);
  const bool is_second = is_adaptive && above.is_adaptive;
  if (is_second || above.demuxers >= kMostDemuxers) {
    source.refuse(nested_too_deep(source.place_.uri, is_second));
    return kAutoplugSkip;
  }
  if (is_adaptive) {
    gate_playlist(pad, caps, source.input_.rules,
                  [&source](Error error) { source.refuse(std::move(error)); });
  }
  return selected;
}

void Source::close() {
  if (std::exchange(is_closed_, true)) return;
  // Downstream first: a thread of the reader may wait in the decoder.
  for (auto* element : {&decodebin_, &gate_, &parsebin_, &reader_}) {
    if (*element) take_out(bin_, element->get());
  }
  // The reader's thread may have started the gate while that was being taken out.
  if (gate_) gst_element_set_state(gate_.get(), GST_STATE_NULL);
}

void Source::release() {
  if (hold_id_ != 0) gst_pad_remove_probe(decoded_.get(), hold_id_);
  hold_id_ = 0;
}

void Source::end() {
  extent_.stop();
  glue::Owned<GstPad> entry;
  {
    const std::lock_guard lock(mutex_);
    if (entry_) entry = glue::share(entry_.get());
  }
  // Before the first unit there is nothing to wait for.
  if (!entry) entry = glue::adopt(gst_element_get_static_pad(decodebin_.get(), "sink"));
  if (gst_pad_send_event(entry.get(), gst_event_new_eos()) != FALSE) return;
  // The gate is between two places of the source.
  entry = glue::adopt(gst_element_get_static_pad(decodebin_.get(), "sink"));
  gst_pad_send_event(entry.get(), gst_event_new_eos());
}

bool Source::contains(GstObject* object) const {
  return is_inside(object, reader_.get()) || is_inside(object, parsebin_.get()) ||
         is_inside(object, gate_.get()) || is_inside(object, decodebin_.get());
}

void Source::stream_added(GstElement* /*parsebin*/, GstPad* pad, gpointer self) {
  static_cast<Source*>(self)->choose(pad);
}

void Source::choose(GstPad* pad) {
  const FoundStreams::Role role = streams_.add(pad);
  if (role == FoundStreams::Role::OtherMedia) {
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, &Source::other_data, this, nullptr);
  }
  if (role != FoundStreams::Role::Chosen) return;
  events_.video_pad(pad);
  extent_.watch(pad);
  gst_pad_add_probe(pad, kHoldTypes, &Source::first_unit, this, nullptr);
}

// parsebin shows all streams before it lets data go: when some flows, it is known what there is.
// Renditions of an adaptive presentation come one by one; without a picture it fails by itself.
GstPadProbeReturn Source::other_data(GstPad* /*pad*/, GstPadProbeInfo* /*info*/, gpointer self) {
  auto& source = *static_cast<Source*>(self);
  if (is_adaptive(GST_BIN(source.parsebin_.get()))) return GST_PAD_PROBE_REMOVE;
  auto failure = source.streams_.without_video();
  if (failure) source.events_.failure(std::move(*failure));
  return GST_PAD_PROBE_REMOVE;
}

// The decoder is linked at the first unit, when it is known whether the unit brings alpha.
GstPadProbeReturn Source::first_unit(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto& source = *static_cast<Source*>(self);
  if (is_event(info) && !is_eos(info)) return GST_PAD_PROBE_PASS;
  auto* unit =
      (info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0 ? GST_PAD_PROBE_INFO_BUFFER(info) : nullptr;
  const bool has_alpha =
      unit != nullptr && gst_buffer_get_meta(unit, GST_VIDEO_CODEC_ALPHA_META_API_TYPE) != nullptr;
  if (!has_alpha) {
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, &Source::without_alpha, nullptr,
                      nullptr);
  }
  source.link_decoder(pad);
  return GST_PAD_PROBE_REMOVE;
}

void Source::link_decoder(GstPad* pad) {
  events_.set_wanted(gate_.get(), unit_facts(pad));
  g_object_set(gate_.get(), "seek-gaps", static_cast<gboolean>(may_seek()), nullptr);
  gst_element_set_locked_state(gate_.get(), FALSE);
  gst_element_sync_state_with_parent(gate_.get());
  auto entry = glue::adopt(gst_element_get_static_pad(gate_.get(), "sink"));
  if (gst_pad_link(pad, entry.get()) != GST_PAD_LINK_OK) {
    // A codec whose name the gate does not know.
    gst_element_unlink(gate_.get(), decodebin_.get());
    entry = glue::adopt(gst_element_get_static_pad(decodebin_.get(), "sink"));
    gst_pad_link(pad, entry.get());
  }
  const std::lock_guard lock(mutex_);
  entry_ = std::move(entry);
}

// The gate has let all pass that is wanted: that the stream breaks off after it is no shortfall.
GstPadProbeReturn Source::gate_ended(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) {
  if (!is_eos(info)) return GST_PAD_PROBE_OK;
  auto& source = *static_cast<Source*>(self);
  // The reader's end comes first here when it is the cause, and last when the gate has enough. A
  // demuxer that has all of the video leaves what follows it in the file, an index perhaps.
  if (source.is_over_http() && source.reading_.cut_short() && !source.extent_.is_whole()) {
    source.is_cut_short_ = true;
  }
  source.extent_.stop();
  return GST_PAD_PROBE_OK;
}

// A browser's recorder says codec-alpha=true of streams without any; the decoder would wait for it.
GstPadProbeReturn Source::without_alpha(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer /*self*/) {
  auto* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  if (gst_structure_has_field(gst_caps_get_structure(caps, 0), "codec-alpha") == FALSE) {
    return GST_PAD_PROBE_OK;
  }
  const auto plain = glue::adopt(gst_caps_copy(caps));
  gst_structure_remove_field(gst_caps_get_structure(plain.get(), 0), "codec-alpha");
  GST_PAD_PROBE_INFO_DATA(info) = gst_event_new_caps(plain.get());
  gst_event_unref(event);
  return GST_PAD_PROBE_OK;
}

void Source::picture_pad_added(GstElement* /*decodebin*/, GstPad* pad, gpointer self) {
  auto& source = *static_cast<Source*>(self);
  if (source.decoded_) return;
  source.decoded_ = glue::share(pad);
  source.events_.video_pad(pad);
  source.hold_id_ = gst_pad_add_probe(pad, kHoldTypes, &Source::hold, self, nullptr);
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, &Source::count, self, nullptr);
}

GstPadProbeReturn Source::hold(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) {
  auto& source = *static_cast<Source*>(self);
  if (is_eos(info)) {
    source.events_.failure(no_picture(source.place_.uri, source.streams_.chosen_stream()));
    return GST_PAD_PROBE_PASS;
  }
  if (is_event(info)) return GST_PAD_PROBE_PASS;
  source.has_picture_ = true;
  source.events_.picture();
  return GST_PAD_PROBE_OK;  // blocks until the probe is removed
}

GstPadProbeReturn Source::count(GstPad* /*pad*/, GstPadProbeInfo* /*info*/, gpointer self) {
  ++static_cast<Source*>(self)->decoded_frames_;
  return GST_PAD_PROBE_OK;
}

SourceCounts Source::counts() const {
  SourceCounts counts{.decoded_frames = decoded_frames_};
  if (gate_) counts.skipped_units = units_left_out(gate_.get());
  if (is_over_http()) counts.bytes_read = reading_.bytes();
  return counts;
}

bool Source::is_over_http() const {
  return input_.address.is_remote() && place_.kind != Place::Kind::Stdin;
}

// Only containers that tell exactly where each unit is, and only of files that can be read from
// anywhere. Others land where they guess, and some give a unit another time after a seek.
bool Source::may_seek() const {
  auto* parts = GST_BIN(parsebin_.get());
  if (is_adaptive(parts) || place_.kind == Place::Kind::Stdin) return false;
  if (is_over_http() && !reading_.serves_ranges()) return false;
  return has_part(parts, "qtdemux") || has_part(parts, "matroskademux");
}

std::optional<Failure> Source::broke_off() const {
  if (!is_cut_short_) return {};
  const auto cut = reading_.cut_short();
  if (!cut) return {};
  return broken_off(place_.uri, cut->given, cut->stated);
}

bool Source::has_moved(GstMessage* message) const {
  const auto status = http_status(message);
  return place_.kind == Place::Kind::Http && !may_redirect(input_.rules) &&
         GST_MESSAGE_SRC(message) == GST_OBJECT_CAST(reader_.get()) && status && *status >= 300 &&
         *status <= 399;
}

bool Source::is_at_rest() const {
  return !streams_.are_any() && !is_adaptive(GST_BIN(parsebin_.get())) &&
         !has_running_task(reader_.get()) && !has_running_task(parsebin_.get());
}

Failure Source::gave_up() const {
  if (auto obstacle = streams_.obstacle()) return std::move(*obstacle);
  return unreadable(place_.uri, demuxer_name(GST_BIN(parsebin_.get())));
}

std::optional<Failure> Source::explain(GstMessage* message) {
  if (is_inside(GST_MESSAGE_SRC(message), gate_.get())) {
    Error said = error_of(message);
    said.message = "\"" + place_.uri + "\": " + said.message;
    return failure_of(std::move(said));
  }
  // Its troubles are not ours.
  if (is_for_other_media(GST_MESSAGE_SRC(message))) return {};
  if (auto obstacle = streams_.obstacle()) return obstacle;
  const bool has_video = streams_.has_chosen();
  if (!has_video && place_.kind == Place::Kind::Stdin) {
    if (reading_.bytes() == 0) return empty_input();
    if (has_part(GST_BIN(parsebin_.get()), "qtdemux")) return needs_a_file(place_.uri);
  }
  if (gives_no_reason(message)) {
    const auto type = type_without_reader(GST_BIN(parsebin_.get()));
    if (type) return nothing_reads(place_.uri, type.get());
    if (is_over_http() && !has_video) return unreachable(place_.uri);
  }
  Failure failure = unreadable(place_.uri, message);
  // The developer's words hold the URL.
  if (!input_.address.presigned_url.empty())
    failure.error.detail = without_queries(failure.error.detail);
  return failure;
}

}  // namespace anim
