// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/gap_seek.h"

#include <utility>

#include "gst/glue/element.h"
#include "gst/glue/handle.h"

namespace anim {
namespace {

constexpr auto kToKeyUnit = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT |
                                                      GST_SEEK_FLAG_SNAP_BEFORE);

constexpr unsigned kMostReturns = 2;  // to the mark, to the beginning

}  // namespace

void GapSeek::start_over(bool is_enabled) {
  is_enabled_ = is_enabled;
  phase_ = Phase::Reading;
  mark_ = {};
  returns_ = 0;
  forget();
}

void GapSeek::mark(const GstBuffer* unit, std::optional<Nanoseconds> position) {
  mark_ = {GST_BUFFER_PTS(unit), GST_BUFFER_DTS(unit), position};
}

bool GapSeek::leave(Nanoseconds position) {
  if (ask(position)) {
    phase_ = Phase::Landing;
    return true;
  }
  is_enabled_ = false;
  return false;
}

GapSeek::Arrival GapSeek::arrive(const GstBuffer* unit, bool goes_on) {
  const bool is_first = std::exchange(is_first_, false);
  if (phase_ == Phase::Landing && goes_on) {
    phase_ = Phase::Reading;
    return Arrival::New;
  }
  phase_ = Phase::Returning;
  is_enabled_ = false;
  if (is_first && GST_BUFFER_PTS(unit) > mark_.pts) return Arrival::Lost;
  if (mark_.is(unit)) phase_ = Phase::Reading;
  return Arrival::Seen;
}

bool GapSeek::go_back() {
  phase_ = Phase::Returning;
  is_enabled_ = false;
  if (returns_ == kMostReturns) return false;
  const bool is_first_try = returns_++ == 0;
  return ask(is_first_try ? mark_.position.value_or(Nanoseconds(0)) : Nanoseconds(0));
}

bool GapSeek::ask(Nanoseconds position) {
  GstEvent* seek = gst_event_new_seek(1.0, GST_FORMAT_TIME, kToKeyUnit, GST_SEEK_TYPE_SET,
                                      position.count(), GST_SEEK_TYPE_NONE, -1);
  std::unique_lock lock(mutex_);
  asked_ = Asked{.seqnum = gst_event_get_seqnum(seek)};
  is_first_ = true;
  // A streaming thread may not seek itself.
  glue::call_later(element_, [this, seek] { send(seek); });
  news_.wait(lock, [this] { return !asked_ || asked_->has_flushed || asked_->is_answered; });
  return asked_ && asked_->has_flushed;
}

void GapSeek::send(GstEvent* seek) {
  const guint32 seqnum = gst_event_get_seqnum(seek);
  gst_pad_push_event(sink_, seek);
  const std::lock_guard lock(mutex_);
  if (!asked_ || asked_->seqnum != seqnum) return;
  asked_->is_answered = true;
  news_.notify_all();
}

bool GapSeek::takes(GstEvent* event) {
  const GstEventType type = GST_EVENT_TYPE(event);
  const bool is_answer =
      type == GST_EVENT_FLUSH_START || type == GST_EVENT_FLUSH_STOP || type == GST_EVENT_SEGMENT;
  const std::lock_guard lock(mutex_);
  if (!is_answer || !asked_ || gst_event_get_seqnum(event) != asked_->seqnum) return false;
  if (type == GST_EVENT_FLUSH_START) {
    asked_->has_flushed = true;
    news_.notify_all();
  }
  return true;
}

void GapSeek::forget() {
  const std::lock_guard lock(mutex_);
  asked_.reset();
  news_.notify_all();
}

}  // namespace anim
