// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/runner.h"

#include <csignal>

#include <glib-unix.h>
#include <gst/gst.h>

#include "gst/glue/handle.h"

namespace anim::tools {
namespace {

using glue::adopt;
using glue::Owned;

std::string string_property(GstElement* element, const char* name) {
  gchar* text = nullptr;
  g_object_get(element, name, &text, nullptr);
  std::string out = text != nullptr ? text : "";
  g_free(text);
  return out;
}

std::string string_field(const GstStructure* structure, const char* name) {
  const gchar* text = gst_structure_get_string(structure, name);
  return text != nullptr ? text : "";
}

/// One pipeline around one animtaskbin, and the loop that listens to it.
class Session {
 public:
  Session(GstElement* bin, const Listener& listener)
      : bin_(bin),
        pipeline_(adopt(gst_pipeline_new("gst-animate"))),
        loop_(g_main_loop_new(nullptr, FALSE)),
        listener_(listener),
        began_(std::chrono::steady_clock::now()) {
    gst_bin_add(GST_BIN(pipeline_.get()), bin_);
    const auto bus = adopt(gst_pipeline_get_bus(GST_PIPELINE(pipeline_.get())));
    watch_ = gst_bus_add_watch(bus.get(), &Session::on_message, this);
    interrupt_ = g_unix_signal_add(SIGINT, &Session::on_signal, this);
    terminate_ = g_unix_signal_add(SIGTERM, &Session::on_signal, this);
    hang_up_ = g_unix_signal_add(SIGHUP, &Session::on_signal, this);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
    for (const guint source : {watch_, interrupt_, terminate_, hang_up_}) g_source_remove(source);
    g_main_loop_unref(loop_);
  }

  /// Brings the pipeline to `state` and listens until the end; with `until_open`, until the source
  /// is open.
  Outcome wait(GstState state, bool until_open) {
    until_open_ = until_open;
    // A refusal is on the bus already: the loop reads it.
    gst_element_set_state(pipeline_.get(), state);
    g_main_loop_run(loop_);
    outcome_.plan = string_property(bin_, "plan");
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);  // a task that still runs is cancelled
    outcome_.result = string_property(bin_, "result");
    return outcome_;
  }

 private:
  static gboolean on_signal(gpointer self) {
    auto& session = *static_cast<Session*>(self);
    session.outcome_.code = "Cancelled";
    session.outcome_.message = "interrupted";
    g_main_loop_quit(session.loop_);
    return G_SOURCE_CONTINUE;
  }

  static gboolean on_message(GstBus* /*bus*/, GstMessage* message, gpointer self) {
    static_cast<Session*>(self)->handle(message);
    return G_SOURCE_CONTINUE;
  }

  void handle(GstMessage* message) {
    switch (GST_MESSAGE_TYPE(message)) {
      case GST_MESSAGE_EOS:
        g_main_loop_quit(loop_);
        break;
      case GST_MESSAGE_ERROR:
        read_error(message);
        g_main_loop_quit(loop_);
        break;
      case GST_MESSAGE_WARNING:
        read_warning(message);
        break;
      case GST_MESSAGE_PROGRESS:
        read_phase(message);
        break;
      case GST_MESSAGE_ELEMENT:
        read_element(gst_message_get_structure(message));
        break;
      default:
        break;
    }
  }

  void read_error(GstMessage* message) {
    GError* error = nullptr;
    gchar* detail = nullptr;
    gst_message_parse_error(message, &error, &detail);
    outcome_.message = error->message;
    outcome_.detail = detail != nullptr ? detail : "";
    if (outcome_.code.empty()) outcome_.code = "InternalError";
    g_error_free(error);
    g_free(detail);
  }

  void read_warning(GstMessage* message) {
    GError* warning = nullptr;
    gst_message_parse_warning(message, &warning, nullptr);
    listener_.warning(warning->message);
    g_error_free(warning);
  }

  void read_phase(GstMessage* message) {
    GstProgressType type{};
    gchar* code = nullptr;
    gst_message_parse_progress(message, &type, &code, nullptr);
    const bool is_open = type == GST_PROGRESS_TYPE_COMPLETE && g_str_equal(code, "open") != FALSE;
    g_free(code);
    if (until_open_ && is_open) g_main_loop_quit(loop_);
  }

  void read_element(const GstStructure* structure) {
    if (gst_structure_has_name(structure, "animtask-result") != FALSE) {
      outcome_.code = string_field(structure, "code");
      return;
    }
    if (gst_structure_has_name(structure, "progress") == FALSE) return;
    gint64 current = 0;
    gint64 total = 0;
    gst_structure_get_int64(structure, "current", &current);
    gst_structure_get_int64(structure, "total", &total);
    const auto elapsed = std::chrono::steady_clock::now() - began_;
    listener_.step({.current = static_cast<std::uint64_t>(std::max<gint64>(0, current)),
                    .total = static_cast<std::uint64_t>(std::max<gint64>(0, total)),
                    .elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed)});
  }

  GstElement* bin_;  // owned by the pipeline
  Owned<GstElement> pipeline_;
  GMainLoop* loop_;
  const Listener& listener_;
  std::chrono::steady_clock::time_point began_;
  bool until_open_ = false;
  guint watch_ = 0;
  guint interrupt_ = 0;
  guint terminate_ = 0;
  guint hang_up_ = 0;
  Outcome outcome_;
};

Result<GstElement*> make_bin(const std::string& task, const Properties& properties) {
  GstElement* bin = gst_element_factory_make("animtaskbin", nullptr);
  if (bin == nullptr) {
    return Error{ErrorCode::NotFound,
                 "the element animtaskbin is not installed: GStreamer does not find the plugins of "
                 "gst-plugins-anim (see GST_PLUGIN_PATH)",
                 {}};
  }
  g_object_set(bin, "task", task.c_str(), nullptr);
  for (const auto& [name, value] : properties) {
    const GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(bin), name.c_str());
    // A path is no text to be parsed.
    if (spec->value_type == G_TYPE_STRING) {
      g_object_set(bin, name.c_str(), value.c_str(), nullptr);
    } else {
      gst_util_set_object_arg(G_OBJECT(bin), name.c_str(), value.c_str());
    }
  }
  return bin;
}

Result<Outcome> session(const std::string& task, const Properties& properties,
                        const Listener& listener, GstState state) {
  const auto bin = make_bin(task, properties);
  if (!bin) return bin.error();
  return Session(*bin, listener).wait(state, state == GST_STATE_PAUSED);
}

}  // namespace

Result<Outcome> run(const std::string& task, const Properties& properties,
                    const Listener& listener) {
  return session(task, properties, listener, GST_STATE_PLAYING);
}

Result<Outcome> plan(const std::string& task, const Properties& properties,
                     const Listener& listener) {
  return session(task, properties, listener, GST_STATE_PAUSED);
}

}  // namespace anim::tools
