// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/gap_seek.h"

#include <utility>

#include "gst/glue/element.h"
#include "gst/glue/report.h"

namespace anim {
namespace {

constexpr auto kToKeyUnit = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT |
                                                      GST_SEEK_FLAG_SNAP_BEFORE);

constexpr unsigned kMostReturns = 2;  // to the mark, to the beginning

bool is_flushing(GstPad* pad) {
  GST_OBJECT_LOCK(pad);
  const bool is = GST_PAD_IS_FLUSHING(pad);
  GST_OBJECT_UNLOCK(pad);
  return is;
}

}  // namespace

void GapSeek::start_over(bool is_enabled) {
  is_enabled_ = is_enabled;
  phase_ = Phase::Reading;
  mark_ = {};
  returns_ = 0;
  base_shift_ = Nanoseconds(0);
  forget();
}

// ---- away and back ----

void GapSeek::mark(const GstBuffer* unit, std::optional<Nanoseconds> position) {
  mark_ = {GST_BUFFER_PTS(unit), position};
}

bool GapSeek::leave(const Gap& gap, const InputSegment& input) {
  const auto position = position_after(gap, input);
  if (!position) return false;
  if (GST_CLOCK_TIME_IS_VALID(mark_.pts) && mark_.position && ask(*position)) {
    phase_ = Phase::Landing;
    return true;
  }
  is_enabled_ = false;
  return false;
}

// The stream time to seek to; nothing where the gap is to be read.
std::optional<Nanoseconds> GapSeek::position_after(const Gap& gap,
                                                   const InputSegment& input) const {
  gint64 length = 0;
  if (!input.is_plain()) return {};
  const auto from = input.stream_time_at(gap.from);
  const auto until = input.stream_time_at(gap.until);
  if (!from || !until) return {};
  if (gst_pad_peer_query_duration(sink_, GST_FORMAT_TIME, &length) == FALSE) return {};
  return way_around({.from = *from, .until = *until, .group = gap.group}, Nanoseconds(length));
}

void GapSeek::take_segment(const InputSegment& input, const GstSegment& segment) {
  const auto start = input.running_time(segment.start);
  is_comparable_ = input.counts_like(segment) && start && *start >= Nanoseconds(0);
  if (!std::exchange(awaits_segment_, false)) return;
  const bool is_beginning = position_ == Nanoseconds(0);
  base_shift_ = is_comparable_ && !is_beginning ? *start : Nanoseconds(0);
}

glue::Owned<GstEvent> GapSeek::in_running_time(glue::Owned<GstEvent> event) const {
  if (base_shift_ == Nanoseconds(0)) return event;
  GstSegment segment;
  gst_event_copy_segment(event.get(), &segment);
  segment.base += static_cast<guint64>(base_shift_.count());
  auto shifted = glue::adopt(gst_event_new_segment(&segment));
  gst_event_set_seqnum(shifted.get(), gst_event_get_seqnum(event.get()));
  return shifted;
}

GapSeek::Arrival GapSeek::arrive(const GstBuffer* unit, bool goes_on) {
  const bool is_first = std::exchange(awaits_unit_, false);
  if (goes_on) {
    phase_ = Phase::Reading;
    forget();
    return Arrival::New;
  }
  phase_ = Phase::Returning;
  is_enabled_ = false;
  if (is_first && GST_BUFFER_PTS(unit) > mark_.pts) return Arrival::Lost;
  if (GST_BUFFER_PTS(unit) == mark_.pts) {
    phase_ = Phase::Reading;
    forget();
  }
  return Arrival::Seen;
}

bool GapSeek::go_back() {
  phase_ = Phase::Returning;
  is_enabled_ = false;
  if (returns_ == kMostReturns) return false;
  const bool is_first_try = returns_++ == 0;
  return ask(is_first_try ? *mark_.position : Nanoseconds(0));
}

// ---- seeks ----

bool GapSeek::ask(Nanoseconds position) {
  std::unique_lock lock(mutex_);
  // Whoever flushes or seeks now waits for this thread.
  if (is_closed_ || is_passing_on_ || is_flushing(sink_)) return false;
  GstEvent* seek = gst_event_new_seek(1.0, GST_FORMAT_TIME, kToKeyUnit, GST_SEEK_TYPE_SET,
                                      position.count(), GST_SEEK_TYPE_NONE, -1);
  asked_ = Asked{.seqnum = gst_event_get_seqnum(seek)};
  position_ = position;
  awaits_segment_ = true;
  awaits_unit_ = true;
  is_comparable_ = false;
  // A streaming thread may not seek itself.
  glue::call_later(element_, [this, seek] { send(seek); });
  news_.wait(lock, [this] { return !asked_ || asked_->has_flushed || asked_->is_answered; });
  return asked_ && asked_->has_flushed;
}

void GapSeek::send(GstEvent* seek) {
  const guint32 seqnum = gst_event_get_seqnum(seek);
  const std::lock_guard sending(sending_);
  if (!is_asked(seqnum)) {
    gst_event_unref(seek);
    return;
  }
  const bool is_done = gst_pad_push_event(sink_, seek) != FALSE;
  bool is_dead = false;
  {
    const std::lock_guard lock(mutex_);
    if (asked_ && asked_->seqnum == seqnum) {
      asked_->is_answered = true;
      is_dead = !is_done && asked_->has_flushed;
    }
  }
  news_.notify_all();
  if (!is_dead) return;
  glue::post_error(element_, {ErrorCode::ReadFailed,
                              "the source stopped at a seek over a gap and does not go on; "
                              "seek-gaps=false reads through instead",
                              {}});
}

bool GapSeek::pass_on(GstEvent* seek) {
  const std::lock_guard sending(sending_);
  set_passing_on(true);
  const bool is_done = gst_pad_push_event(sink_, seek) != FALSE;
  set_passing_on(false);
  return is_done;
}

void GapSeek::set_passing_on(bool is_passing_on) {
  const std::lock_guard lock(mutex_);
  is_passing_on_ = is_passing_on;
  asked_.reset();
  news_.notify_all();
}

bool GapSeek::is_asked(guint32 seqnum) const {
  const std::lock_guard lock(mutex_);
  return asked_ && asked_->seqnum == seqnum;
}

bool GapSeek::is_ours(GstEvent* event) const {
  const GstEventType type = GST_EVENT_TYPE(event);
  const bool may_be = type == GST_EVENT_FLUSH_STOP || type == GST_EVENT_EOS;
  return may_be && is_asked(gst_event_get_seqnum(event));
}

bool GapSeek::take_flush(GstEvent* flush_start) {
  const std::lock_guard lock(mutex_);
  if (!asked_ || asked_->seqnum != gst_event_get_seqnum(flush_start)) return false;
  asked_->has_flushed = true;
  news_.notify_all();
  return true;
}

void GapSeek::forget() {
  const std::lock_guard lock(mutex_);
  asked_.reset();
  news_.notify_all();
}

void GapSeek::open() {
  const std::lock_guard lock(mutex_);
  is_closed_ = false;
}

void GapSeek::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  asked_.reset();
  news_.notify_all();
}

}  // namespace anim
