// SPDX-License-Identifier: LGPL-2.1-or-later
// Watches a stream and clips it: the pipeline, which goes on playing while connections come and go.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <gst/gst.h>

#include "examples/live-clip/connection.h"
#include "examples/live-clip/moments.h"
#include "examples/live-clip/options.h"
#include "examples/live-clip/taps.h"
#include "gst/core/error.h"
#include "gst/glue/handle.h"

namespace live_clip {

/// What a clip shows. What is absent is now, and as the options say.
struct Trigger {
  std::optional<Nanoseconds> running_time{};
  std::optional<Nanoseconds> pre{};
  std::optional<Nanoseconds> post{};
};

/// How the watch is going.
struct Status {
  bool streaming = false;
  unsigned connections = 0;  ///< so far, with those that failed
  std::uint64_t captures_open = 0;
  std::uint64_t captures_done = 0;
  std::uint64_t captures_failed = 0;
  std::uint64_t ring_bytes = 0;
  std::uint64_t ring_duration = 0;  ///< ns
};

/// Everything happens in the thread of the default main loop.
class Watch {
 public:
  using Clock = std::chrono::steady_clock;
  using Ended = std::function<void(std::optional<anim::Error>)>;

  /// Fails when an element is missing, or an option is refused by one.
  static anim::Result<std::unique_ptr<Watch>> start(const Options& options, Ended ended);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  /// Makes a clip. Its id, or why there is none.
  anim::Result<unsigned> capture(const Trigger& trigger = {});

  /// Takes nothing more in; `ended` is called when all clips are finished.
  void finish();

  /// Gives up what is not finished. Nothing else may be asked of this then.
  void cancel();

  [[nodiscard]] Status status() const;

 private:
  Watch(const Options& options, Ended ended);

  anim::Error first_error();
  static gboolean on_message(GstBus* bus, GstMessage* message, gpointer self);
  static gboolean on_tick(gpointer self);
  static void on_answer(GstBus* bus, GstMessage* message, gpointer self);

  void connect();
  void disconnect(const std::string& reason, bool is_final);
  void tick();
  void handle(GstMessage* message);
  void handle_element(GstMessage* message);
  void handle_error(GstMessage* message);
  void clip_moment(Nanoseconds time);

  Options options_;
  Ended ended_;
  anim::glue::Owned<GstElement> pipeline_;
  GstElement* sink_ = nullptr;  // owned by pipeline_
  anim::glue::Owned<GstPad> sink_pad_;
  guint bus_watch_ = 0;
  guint ticks_ = 0;

  std::unique_ptr<Connection> connection_;  ///< none between two
  std::optional<MomentReader> moments_;     ///< of this connection
  HoldOff hold_off_;
  unsigned connections_ = 0;
  int retries_ = 0;                ///< in a row
  std::uint64_t frames_seen_ = 0;  ///< of this connection, at the last tick
  Clock::time_point connected_;    ///< when the connection began
  Clock::time_point last_frame_;   ///< or when the connection began
  Clock::time_point connect_at_;   ///< the next one
  bool is_finishing_ = false;
  std::mutex answer_lock_;
  /// Under answer_lock_: what the sink has said last.
  struct {
    guint id = 0;
    std::string refusal;
  } answer_;
  std::optional<anim::Error> failure_;  ///< why it is finishing, unless asked to
};

}  // namespace live_clip
