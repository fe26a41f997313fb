// SPDX-License-Identifier: LGPL-2.1-or-later
// What one sink keeps of its stream, and the clips that are being made of it.
//
//   units -> Ring -> clips that are collected until their end has come -> DecodePool -> messages
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/glue/watchdog.h"
#include "plugins/animclip/clip.h"
#include "plugins/animclip/clip_job.h"
#include "plugins/animclip/intake.h"
#include "plugins/animclip/settings.h"
#include "plugins/animclip/trigger.h"

namespace anim {

/// What the property `stats` tells.
struct CaptureStats {
  std::uint64_t ring_bytes = 0;
  Nanoseconds ring_begin{0};  ///< running time
  Nanoseconds ring_duration{0};
  std::uint64_t ring_groups = 0;
  unsigned open = 0;  ///< collected, waiting or being made
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
};

/// Thread-safe. No message is posted under the lock: an application may trigger from where it gets
/// one.
class Captures : public std::enable_shared_from_this<Captures> {
 public:
  /// `sink` posts the messages; it must live until end() has returned.
  explicit Captures(GstElement* sink) : sink_(sink) {}
  Captures(const Captures&) = delete;
  Captures& operator=(const Captures&) = delete;

  void begin();

  /// What counts from now on.
  void change(const ClipSettings& settings);

  /// Ends as OnStop says, and waits until no clip is open.
  void end();

  /// The streaming thread's next unit. `now`: the running time that a trigger would mean, where
  /// there is a clock; what a trigger of now may still ask for is kept.
  void add(Intake::Arrived arrived, std::optional<Nanoseconds> now);

  /// Nothing that has been kept counts any more; open clips end with what they have.
  void flush();

  /// Nothing more comes: open clips end as OnStop says. Waits until none is open, then true, or
  /// until release(), then false where one is still open.
  [[nodiscard]] bool finish();
  /// Wakes finish() up, and keeps it from waiting until hold() is called.
  void release();
  void hold();

  /// Begins a clip and returns its id. `now`: as in add().
  [[nodiscard]] Result<guint> capture(const Trigger& trigger, std::optional<Nanoseconds> now);

  [[nodiscard]] CaptureStats stats() const;

 private:
  using Clock = std::chrono::steady_clock;

  /// A clip whose end has not come yet.
  struct Collected {
    Clip clip;
    Span groups;
    std::size_t bytes = 0;      ///< of the groups
    Clock::time_point due;      ///< when its end should have come
    bool is_announced = false;  ///< nothing is told of it before it is
    bool ends_now = false;
    bool is_early = false;  ///< not all of it has come
    bool is_over = false;   ///< and nothing that comes belongs to it
  };

  [[nodiscard]] Status check_room() const;
  [[nodiscard]] ClipSettings settings() const;
  [[nodiscard]] Result<Clip> collect(const Trigger& trigger, const AnimationRequest& look,
                                     std::optional<Nanoseconds> now);
  void announce(guint id);
  void grow_collected(bool is_new_group, std::size_t bytes);
  void complete_what_can();
  void submit(Collected collected);
  void end_all_now();
  void close_all();
  void look_for_late_ends();
  void make(Collected& collected);
  [[nodiscard]] Result<ClipReport> made_of(Collected& collected);
  void count(bool is_done);
  void run_watchdog();

  GstElement* sink_;
  mutable std::mutex mutex_;  // guards the rest
  std::condition_variable closed_;
  ClipSettings settings_;
  bool accepts_ = false;
  bool released_ = false;
  bool has_ended_ = false;  ///< the stream
  Ring ring_;
  std::optional<Nanoseconds> passed_;  ///< all frames up to it have come
  Clock::time_point last_arrival_;
  std::list<Collected> collected_;
  guint last_id_ = 0;
  CaptureStats counts_;                                  ///< open, done and failed alone
  std::list<std::weak_ptr<std::atomic<bool>>> cancels_;  ///< of all open clips
  Watchdog watchdog_;
  bool is_watched_ = false;
};

}  // namespace anim
