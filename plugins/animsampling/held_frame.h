// SPDX-License-Identifier: LGPL-2.1-or-later
// The frame that is held back, and the events that wait behind it.
#pragma once

#include <optional>
#include <vector>

#include <gst/gst.h>

#include "gst/core/timing.h"
#include "gst/glue/handle.h"

namespace anim {

/// Leaves `event` to the pad if it is sticky and no segment: it is sent with the next data.
void store_if_sticky(GstPad* pad, GstEvent* event);

/// Of the streaming thread. Keeps the order of frames and events.
class HeldFrame {
 public:
  /// `src` (not owned) must outlive this.
  explicit HeldFrame(GstPad* src) : src_(src) {}

  [[nodiscard]] explicit operator bool() const { return static_cast<bool>(frame_); }
  /// Of the frame held, as it came with it.
  [[nodiscard]] std::optional<Nanoseconds> duration() const { return duration_; }
  /// Whether an event of this type waits.
  [[nodiscard]] bool is_followed_by(GstEventType type) const;

  void hold(glue::Owned<GstBuffer> frame, std::optional<Nanoseconds> duration);
  /// The frame, which is held no longer; its events still wait. Null when there is none.
  [[nodiscard]] glue::Owned<GstBuffer> take();

  /// Sends the event, or lets it wait behind the frame and the events that wait already (also where
  /// the frame before them was refused). False when it was refused.
  bool forward(glue::Owned<GstEvent> event);
  void send_events();
  /// Leaves the sticky events that wait, but for segments, to the pad: it sends them with the
  /// next data. For a flush, which drops the others.
  void store_sticky_events();
  void forget();

 private:
  GstPad* src_;
  glue::Owned<GstBuffer> frame_;
  std::optional<Nanoseconds> duration_;
  std::vector<glue::Owned<GstEvent>> events_;
};

}  // namespace anim
