// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/watch.h"

#include <algorithm>
#include <iostream>
#include <utility>

namespace live_clip {
namespace {

using anim::Error;
using anim::ErrorCode;
using anim::Result;
using anim::glue::adopt;
using std::chrono::seconds;

constexpr guint kTick = 250;  // ms
constexpr seconds kFirstDelay{1};
constexpr seconds kLongestDelay{30};
constexpr seconds kGoodConnection{10};  // one that held so long was none that failed

// A moment is noticed so much later (a sound's level, a key frame's picture), in seconds.
constexpr double kLateness = 2;

GstClockTime nanoseconds(double s) {
  return static_cast<GstClockTime>(s * GST_SECOND);
}

std::string text_of(const GError* error, const gchar* detail) {
  std::string out = error != nullptr ? error->message : "";
  const bool is_vague = error != nullptr &&
                        (error->domain == GST_STREAM_ERROR || error->domain == GST_RESOURCE_ERROR);
  if (!is_vague || detail == nullptr) return out;
  // The detail's last line is what the element itself says.
  const std::string all = detail;
  const auto line = all.rfind('\n');
  return line == std::string::npos ? out : out + " (" + all.substr(line + 1) + ")";
}

guint64 number(const GstStructure* from, const char* field) {
  guint64 out = 0;
  if (gst_structure_get_uint64(from, field, &out) != FALSE) return out;
  guint small = 0;
  gst_structure_get_uint(from, field, &small);
  return small;
}

std::string text(const GstStructure* from, const char* field) {
  const gchar* out = gst_structure_get_string(from, field);
  return out != nullptr ? out : "";
}

/// A wall-clock time (ns since the Unix epoch) as text.
std::string utc(guint64 wall_time) {
  GDateTime* time = g_date_time_new_from_unix_utc(static_cast<gint64>(wall_time / GST_SECOND));
  gchar* text = g_date_time_format(time, "%FT%TZ");
  std::string out = text;
  g_free(text);
  g_date_time_unref(time);
  return out;
}

void report_clip(const GstStructure* message) {
  const auto id = number(message, "id");
  if (gst_structure_has_name(message, "animclip-done") != FALSE) {
    std::cout << "clip " << id << ": " << text(message, "location") << ", "
              << number(message, "frames") << " frames, " << number(message, "bytes")
              << " bytes, from " << utc(number(message, "first-wall-time")) << std::endl;
  } else if (gst_structure_has_name(message, "animclip-failed") != FALSE) {
    std::cout << "clip " << id << " failed: " << text(message, "error") << std::endl;
  }
}

/// What no further attempt will mend.
bool is_permanent(const GError* error) {
  return g_error_matches(error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN) != FALSE ||
         g_error_matches(error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND) != FALSE;
}

}  // namespace

Result<std::unique_ptr<Watch>> Watch::start(const Options& options, Ended ended) {
  for (const char* name : {"animclipsink", "uridecodebin", "h264parse", "level", "fitscale"}) {
    auto* factory = gst_element_factory_find(name);
    if (factory == nullptr) {
      return Error{ErrorCode::NotFound,
                   "the element " + std::string(name) +
                       " is not installed (see GST_PLUGIN_PATH, and the plugins of Debian's "
                       "gstreamer1.0-plugins-good and -bad)",
                   {}};
    }
    gst_object_unref(factory);
  }
  auto watch = std::unique_ptr<Watch>(new Watch(options, std::move(ended)));
  const auto change = gst_element_set_state(watch->pipeline_.get(), GST_STATE_PLAYING);
  if (change == GST_STATE_CHANGE_FAILURE) return watch->first_error();
  watch->connect();
  return watch;
}

Watch::Watch(const Options& options, Ended ended)
    : options_(options),
      ended_(std::move(ended)),
      pipeline_(adopt(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new("live-clip"))))),
      sink_(gst_element_factory_make("animclipsink", nullptr)),
      hold_off_(nanoseconds(options.hold_off)) {
  // It waits for no stream (async=false): the pipeline plays before the first connection.
  g_object_set(sink_, "async", FALSE, "processing-deadline", guint64{0}, "location",
               options.location.c_str(), "animation", options.animation.c_str(), "pre-roll",
               guint64{nanoseconds(options.pre)}, "history",
               guint64{nanoseconds(std::min(options.pre + kLateness, 3600.0))}, "post-roll",
               guint64{nanoseconds(options.post)}, nullptr);
  gst_bin_add(GST_BIN(pipeline_.get()), sink_);
  sink_pad_ = adopt(gst_element_get_static_pad(sink_, "sink"));
  const auto bus = adopt(gst_pipeline_get_bus(GST_PIPELINE(pipeline_.get())));
  bus_watch_ = gst_bus_add_watch(bus.get(), &Watch::on_message, this);
  gst_bus_enable_sync_message_emission(bus.get());
  g_signal_connect(bus.get(), "sync-message::warning", G_CALLBACK(&Watch::on_answer), this);
  g_signal_connect(bus.get(), "sync-message::element", G_CALLBACK(&Watch::on_answer), this);
  ticks_ = g_timeout_add(kTick, &Watch::on_tick, this);
}

Watch::~Watch() {
  g_source_remove(ticks_);
  connection_.reset();
  gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
  const auto bus = adopt(gst_pipeline_get_bus(GST_PIPELINE(pipeline_.get())));
  g_signal_handlers_disconnect_by_data(bus.get(), this);
  g_source_remove(bus_watch_);
}

/// The error that made the pipeline not start.
Error Watch::first_error() {
  const auto bus = adopt(gst_pipeline_get_bus(GST_PIPELINE(pipeline_.get())));
  const auto message = adopt(gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR));
  if (!message) return {ErrorCode::Internal, "animclipsink does not start", {}};
  GError* error = nullptr;
  gst_message_parse_error(message.get(), &error, nullptr);
  Error out{ErrorCode::InvalidArgument, error->message, {}};
  g_error_free(error);
  return out;
}

Result<unsigned> Watch::capture(const Trigger& trigger) {
  if (is_finishing_) return Error{ErrorCode::Unsupported, "it is ending", {}};
  GstStructure* fields = gst_structure_new_empty("animclip-capture");
  const auto set = [fields](const char* name, std::optional<Nanoseconds> value) {
    if (value) gst_structure_set(fields, name, G_TYPE_UINT64, guint64{*value}, nullptr);
  };
  set("running-time", trigger.running_time);
  set("pre-roll", trigger.pre);
  set("post-roll", trigger.post);
  GstEvent* event = gst_event_new_custom(GST_EVENT_CUSTOM_UPSTREAM, fields);
  const bool accepted = gst_element_send_event(sink_, event) != FALSE;
  const std::scoped_lock lock(answer_lock_);
  if (accepted) return answer_.id;
  return Error{ErrorCode::Unsupported, answer_.refusal, {}};
}

/// The sink answers a trigger before it returns from it: with animclip-started or a warning.
void Watch::on_answer(GstBus* /*bus*/, GstMessage* message, gpointer self) {
  auto& watch = *static_cast<Watch*>(self);
  if (GST_MESSAGE_SRC(message) != GST_OBJECT(watch.sink_)) return;
  const std::scoped_lock lock(watch.answer_lock_);
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
    GError* warning = nullptr;
    gst_message_parse_warning(message, &warning, nullptr);
    watch.answer_.refusal = adopt(warning)->message;
  } else if (gst_message_has_name(message, "animclip-started") != FALSE) {
    gst_structure_get_uint(gst_message_get_structure(message), "id", &watch.answer_.id);
  }
}

void Watch::cancel() {
  gst_util_set_object_arg(G_OBJECT(sink_), "on-stop", "cancel");
}

void Watch::finish() {
  if (std::exchange(is_finishing_, true)) return;
  connection_.reset();
  // The event comes back when the last clip is finished, which this thread must not wait for.
  gst_element_call_async(
      sink_,
      [](GstElement* sink, gpointer pad) {
        gst_pad_send_event(GST_PAD(pad), gst_event_new_eos());
        GstStructure* finished = gst_structure_new_empty("live-clip-finished");
        gst_element_post_message(sink, gst_message_new_element(GST_OBJECT(sink), finished));
      },
      gst_object_ref(sink_pad_.get()), gst_object_unref);
}

Status Watch::status() const {
  GstStructure* stats = nullptr;
  g_object_get(sink_, "stats", &stats, nullptr);
  const auto owned = adopt(stats);
  return {.streaming = connection_ && connection_->frames() > 0,
          .connections = connections_,
          .captures_open = number(stats, "captures-open"),
          .captures_done = number(stats, "captures-done"),
          .captures_failed = number(stats, "captures-failed"),
          .ring_bytes = number(stats, "ring-bytes"),
          .ring_duration = number(stats, "ring-duration")};
}

void Watch::connect() {
  ++connections_;
  frames_seen_ = 0;
  connected_ = last_frame_ = Clock::now();
  if (options_.moments) moments_.emplace(*options_.moments, options_.threshold);
  connection_ = std::make_unique<Connection>(
      pipeline_.get(), sink_pad_.get(),
      ConnectionSettings{options_.uri, options_.moments, options_.threshold});
}

/// Connects anew after a while, or ends: with an error unless the stream came to its own end.
void Watch::disconnect(const std::string& reason, bool is_final) {
  const bool has_ended = reason == Connection::kEnd;
  const bool was_good = frames_seen_ > 0 && Clock::now() - connected_ >= kGoodConnection;
  connection_.reset();
  if (was_good) retries_ = 0;
  if (is_final || (options_.retries && retries_ >= *options_.retries)) {
    if (!has_ended) failure_ = Error{ErrorCode::ReadFailed, reason, {}};
    finish();
    return;
  }
  const auto delay = std::min(kLongestDelay, kFirstDelay * (1 << std::min(retries_, 5)));
  ++retries_;
  connect_at_ = Clock::now() + delay;
  std::cerr << "live-clip: " << reason << "; connecting anew in " << delay.count() << " s\n";
}

gboolean Watch::on_tick(gpointer self) {
  static_cast<Watch*>(self)->tick();
  return G_SOURCE_CONTINUE;
}

void Watch::tick() {
  if (is_finishing_) return;
  if (!connection_) {
    if (Clock::now() >= connect_at_) connect();
    return;
  }
  const auto frames = connection_->frames();
  if (frames_seen_ == 0 && frames > 0) std::cerr << "live-clip: connected\n";
  if (std::exchange(frames_seen_, frames) != frames) last_frame_ = Clock::now();
  const std::chrono::duration<double> silence = Clock::now() - last_frame_;
  if (silence.count() > options_.stall) disconnect("no picture came for a while", false);
}

gboolean Watch::on_message(GstBus* /*bus*/, GstMessage* message, gpointer self) {
  static_cast<Watch*>(self)->handle(message);
  return G_SOURCE_CONTINUE;
}

void Watch::handle(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
      handle_error(message);
      break;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency(GST_BIN(pipeline_.get()));
      break;
    case GST_MESSAGE_ELEMENT:
      handle_element(message);
      break;
    default:
      break;
  }
}

void Watch::handle_error(GstMessage* message) {
  GError* error = nullptr;
  gchar* detail = nullptr;
  gst_message_parse_error(message, &error, &detail);
  const auto owned = adopt(error);
  const auto owned_detail = adopt(detail);
  const std::string reason = text_of(error, detail);
  if (connection_ && connection_->is_inside(GST_MESSAGE_SRC(message))) {
    disconnect(reason, is_permanent(error));
  } else if (GST_MESSAGE_SRC(message) == GST_OBJECT(sink_)) {
    ended_(Error{ErrorCode::Internal, reason, {}});
  }
  // Anything else is an echo of a connection that is gone.
}

void Watch::handle_element(GstMessage* message) {
  const GstStructure* what = gst_message_get_structure(message);
  const bool from_connection = connection_ && connection_->is_inside(GST_MESSAGE_SRC(message));
  if (gst_structure_has_name(what, "live-clip-finished") != FALSE) {
    ended_(failure_);
  } else if (GST_MESSAGE_SRC(message) == GST_OBJECT(sink_)) {
    report_clip(what);
  } else if (from_connection && gst_structure_has_name(what, "live-clip-ended") != FALSE) {
    disconnect(text(what, "reason"), false);
  } else if (from_connection && moments_) {
    const auto time = moments_->read(what);
    if (time && hold_off_.admits(*time)) clip_moment(*time);
  }
}

void Watch::clip_moment(Nanoseconds time) {
  const auto id = capture({.running_time = time});
  if (!id) std::cerr << "live-clip: no clip of this moment: " << id.error().message << '\n';
}

}  // namespace live_clip
