// SPDX-License-Identifier: LGPL-2.1-or-later
// A live pipeline with an animclipsink, and what became of its captures.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"

namespace live {

/// A capture as the messages on the bus tell it.
struct Clip {
  enum class State { Open, Done, Failed };

  State state = State::Open;
  std::string location;
  std::string error;
  guint64 frames = 0;
  guint64 bytes = 0;
  GstClockTime first = 0;  ///< stream time
  GstClockTime last = 0;
  bool is_truncated = false;
};

/// The pipeline of a launch line in which an element is called `clips`. It runs on the system
/// clock.
class Player {
 public:
  explicit Player(const std::string& launch) {
    GError* error = nullptr;
    pipeline_ = anim::glue::adopt(gst_parse_launch(launch.c_str(), &error));
    REQUIRE_MESSAGE(error == nullptr, error->message);
    bus_ = anim::glue::adopt(gst_element_get_bus(pipeline_.get()));
    clips_element_ = element("clips");
    // Nothing that was said is lost on the way to NULL.
    g_object_set(pipeline_.get(), "auto-flush-bus", FALSE, nullptr);
    clock_ = gst_system_clock_obtain();
    gst_pipeline_use_clock(GST_PIPELINE(pipeline_.get()), clock_);
    gst_element_set_start_time(pipeline_.get(), GST_CLOCK_TIME_NONE);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;
  ~Player() {
    set_state(GST_STATE_NULL);
    gst_bus_set_flushing(bus_.get(), TRUE);
    gst_object_unref(clock_);
  }

  [[nodiscard]] anim::glue::Owned<GstElement> element(const char* name) const {
    auto found = anim::glue::adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name));
    REQUIRE(found);
    return found;
  }

  /// `ahead`: the running time at which it begins; what is stamped earlier arrives late, at once.
  void play(GstClockTime ahead = 0) {
    has_broken_off_ = false;
    gst_element_set_base_time(pipeline_.get(), gst_clock_get_time(clock_) - ahead);
    set_state(GST_STATE_PLAYING);
  }
  void set_state(GstState state) { gst_element_set_state(pipeline_.get(), state); }

  /// Whether no change of state is under way.
  [[nodiscard]] bool is_settled() const {
    return gst_element_get_state(pipeline_.get(), nullptr, nullptr, 0) != GST_STATE_CHANGE_ASYNC;
  }

  [[nodiscard]] GstElement* pipeline() const { return pipeline_.get(); }
  [[nodiscard]] GstElement* clips_element() const { return clips_element_.get(); }
  [[nodiscard]] GstClockTime now() const {
    return gst_clock_get_time(clock_) - gst_element_get_base_time(pipeline_.get());
  }

  /// Triggers a capture; 0 when it is refused.
  guint capture(GstClockTime time = GST_CLOCK_TIME_NONE, const char* location = nullptr) {
    guint id = 0;
    g_signal_emit_by_name(clips_element_.get(), "capture", location, time, &id);
    if (id != 0) clips_[id];
    return id;
  }

  /// Reads what is on the bus. Whether an EOS was among it.
  bool read_messages() {
    bool is_ended = false;
    while (const auto message = anim::glue::adopt(gst_bus_pop(bus_.get()))) {
      switch (GST_MESSAGE_TYPE(message.get())) {
        case GST_MESSAGE_ERROR:
          note_error(message.get());
          break;
        case GST_MESSAGE_ELEMENT:
          note_clip(gst_message_get_structure(message.get()));
          break;
        case GST_MESSAGE_EOS:
          is_ended = true;
          break;
        default:
          break;
      }
    }
    return is_ended;
  }

  [[nodiscard]] const std::map<guint, Clip>& clips() const { return clips_; }
  [[nodiscard]] const std::vector<std::string>& errors() const { return errors_; }

  /// Forgets what a connection that failed or broke off says: errors of elements before `clips`,
  /// but not that one of them could not push on. Whether there were any.
  bool take_connection_errors() {
    const auto is_stop = [](const std::string& error) {
      return error.find("streaming stopped") != std::string::npos;
    };
    const auto of_connection = std::erase_if(errors_, [&](const std::string& error) {
      return !error.starts_with("clips: ") && !is_stop(error);
    });
    if (of_connection > 0) has_broken_off_ = true;
    // A source that cannot read any more says so, and then that it has stopped.
    if (has_broken_off_) {
      std::erase_if(errors_, [&](const std::string& error) {
        return error.starts_with("source: ") && is_stop(error);
      });
    }
    return of_connection > 0;
  }

  [[nodiscard]] std::size_t count(Clip::State state) const {
    std::size_t sum = 0;
    for (const auto& [id, clip] : clips_) sum += clip.state == state ? 1 : 0;
    return sum;
  }

  /// A number of the element's `stats`.
  [[nodiscard]] std::optional<guint64> stat(const char* name) const {
    GstStructure* raw = nullptr;
    g_object_get(clips_element_.get(), "stats", &raw, nullptr);
    const auto stats = anim::glue::adopt(raw);
    const GValue* value = gst_structure_get_value(stats.get(), name);
    if (value == nullptr) return std::nullopt;
    GValue number = G_VALUE_INIT;
    g_value_init(&number, G_TYPE_UINT64);
    REQUIRE(g_value_transform(value, &number));
    return g_value_get_uint64(&number);
  }

 private:
  void note_error(GstMessage* message) {
    GError* raw = nullptr;
    gchar* raw_detail = nullptr;
    gst_message_parse_error(message, &raw, &raw_detail);
    const auto error = anim::glue::adopt(raw);
    const auto detail = anim::glue::adopt(raw_detail);
    errors_.push_back(std::string(GST_MESSAGE_SRC_NAME(message)) + ": " + error->message + " (" +
                      (detail ? detail.get() : "") + ")");
  }

  void note_clip(const GstStructure* told) {
    guint id = 0;
    if (told == nullptr || !gst_structure_get_uint(told, "id", &id)) return;
    Clip& clip = clips_[id];
    if (gst_structure_has_name(told, "animclip-done")) {
      CHECK(clip.state == Clip::State::Open);
      clip.state = Clip::State::Done;
      gst_structure_get_uint64(told, "frames", &clip.frames);
      gst_structure_get_uint64(told, "bytes", &clip.bytes);
      gst_structure_get_uint64(told, "first-stream-time", &clip.first);
      gst_structure_get_uint64(told, "last-stream-time", &clip.last);
      gboolean is_truncated = FALSE;
      gst_structure_get_boolean(told, "truncated", &is_truncated);
      clip.is_truncated = is_truncated != FALSE;
    } else if (gst_structure_has_name(told, "animclip-failed")) {
      CHECK(clip.state == Clip::State::Open);
      clip.state = Clip::State::Failed;
      clip.error = text(told, "error");
    }
    if (gst_structure_has_field(told, "location")) clip.location = text(told, "location");
  }

  static std::string text(const GstStructure* told, const char* field) {
    const gchar* value = gst_structure_get_string(told, field);
    return value != nullptr ? value : "";
  }

  anim::glue::Owned<GstElement> pipeline_;
  anim::glue::Owned<GstElement> clips_element_;
  anim::glue::Owned<GstBus> bus_;
  GstClock* clock_ = nullptr;
  std::map<guint, Clip> clips_;
  std::vector<std::string> errors_;
  bool has_broken_off_ = false;  ///< the connection, since play()
};

}  // namespace live
