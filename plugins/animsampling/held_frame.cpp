// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/held_frame.h"

#include <algorithm>
#include <utility>

namespace anim {

using glue::Owned;

void store_if_sticky(GstPad* pad, GstEvent* event) {
  if (!GST_EVENT_IS_STICKY(event) || GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) return;
  gst_pad_store_sticky_event(pad, event);
}

bool HeldFrame::is_followed_by(GstEventType type) const {
  return std::any_of(events_.begin(), events_.end(),
                     [type](const auto& event) { return GST_EVENT_TYPE(event.get()) == type; });
}

void HeldFrame::hold(Owned<GstBuffer> frame, std::optional<Nanoseconds> duration) {
  frame_ = std::move(frame);
  duration_ = duration;
}

Owned<GstBuffer> HeldFrame::take() {
  return std::move(frame_);
}

bool HeldFrame::forward(Owned<GstEvent> event) {
  if (!frame_ && events_.empty()) return gst_pad_push_event(src_, event.release()) != FALSE;
  events_.push_back(std::move(event));
  return true;
}

void HeldFrame::send_events() {
  for (auto& event : std::exchange(events_, {})) gst_pad_push_event(src_, event.release());
}

void HeldFrame::store_sticky_events() {
  for (const auto& event : events_) store_if_sticky(src_, event.get());
}

void HeldFrame::forget() {
  frame_.reset();
  events_.clear();
}

}  // namespace anim
