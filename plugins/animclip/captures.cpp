// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/captures.h"

#include <algorithm>
#include <string>
#include <utility>

#include "gst/glue/clock_time.h"
#include "plugins/animclip/clip_messages.h"
#include "plugins/animclip/decode_pool.h"

namespace anim {
namespace {

// A stream that has been silent for so long when a clip's end should have come brings no more of
// it. HLS comes in segments, with as much silence between them as they last.
constexpr std::chrono::seconds kSilence{10};
// One that goes on without its times going on neither.
constexpr std::chrono::seconds kStandstill{30};
constexpr unsigned kMostWaiting = 64;

// The end of a clip that more of the stream cannot follow: its newest picture.
Nanoseconds newest_of(const Span& groups) {
  Nanoseconds newest = Nanoseconds::min();
  for (const auto& group : groups) {
    for (const Unit& unit : group->units) {
      if (unit.is_shown) newest = std::max(newest, unit.time);
    }
  }
  return newest;
}

std::size_t bytes_of(const Span& groups) {
  std::size_t bytes = 0;
  for (const auto& group : groups) bytes += group->bytes;
  return bytes;
}

}  // namespace

void Captures::change(const ClipSettings& settings) {
  const std::lock_guard lock(mutex_);
  settings_ = settings;
}

void Captures::begin() {
  const std::lock_guard lock(mutex_);
  accepts_ = true;
  released_ = false;
  has_ended_ = false;
  ring_.clear();
  passed_.reset();
  counts_ = {};
}

void Captures::end() {
  std::unique_lock lock(mutex_);
  accepts_ = false;
  close_all();
  closed_.wait(lock, [this] { return counts_.open == 0; });
  ring_.clear();
  watchdog_.stop();
  is_watched_ = false;
}

// ---- The stream ----

void Captures::add(Intake::Arrived arrived, std::optional<Nanoseconds> now) {
  const std::lock_guard lock(mutex_);
  has_ended_ = false;
  last_arrival_ = Clock::now();
  passed_ = arrived.passed;
  const Nanoseconds time = arrived.unit.time;
  const std::size_t bytes = arrived.unit.bytes;
  const bool is_kept = ring_.add(std::move(arrived.unit), arrived.is_entry, arrived.format);
  if (is_kept) grow_collected(arrived.is_entry, bytes);
  const Nanoseconds newest = ring_.newest().value_or(time);
  ring_.trim(std::min(newest, now.value_or(newest)) - settings_.kept(), settings_.max_bytes);
  complete_what_can();
}

// Sums are kept, not made anew: there may be as many groups as pictures in an hour.
void Captures::grow_collected(bool is_new_group, std::size_t bytes) {
  for (Collected& collected : collected_) {
    if (is_new_group || collected.groups.empty()) collected.groups.push_back(ring_.last());
    collected.bytes += bytes;
    collected.bytes -= drop_before(collected.groups, collected.clip.from);
  }
}

void Captures::complete_what_can() {
  for (Collected& collected : collected_) {
    const bool has_come = passed_ && *passed_ >= collected.clip.to;
    const bool is_full = collected.bytes > settings_.max_bytes;
    if (!collected.ends_now && !has_come && is_full) collected.is_early = collected.is_over = true;
    if (has_come || is_full) collected.ends_now = true;
  }
  for (auto it = collected_.begin(); it != collected_.end();) {
    const auto collected = it++;
    if (!collected->ends_now || !collected->is_announced) continue;
    submit(std::move(*collected));
    collected_.erase(collected);
  }
  run_watchdog();
}

void Captures::end_all_now() {
  for (Collected& collected : collected_) {
    if (!collected.ends_now) collected.is_early = collected.is_over = true;
    collected.ends_now = true;
  }
  complete_what_can();
}

void Captures::flush() {
  const std::lock_guard lock(mutex_);
  has_ended_ = false;
  end_all_now();
  ring_.clear();
  passed_.reset();
}

// ---- Clips ----

Status Captures::check_room() const {
  if (!accepts_) {
    return Error{ErrorCode::OutOfRange, "a clip is asked for, but no stream is running", {}};
  }
  const bool queues = settings_.when_busy == WhenBusy::Queue;
  const unsigned most = settings_.max_captures + (queues ? kMostWaiting : 0);
  if (counts_.open < most) return success();
  return Error{ErrorCode::LimitExceeded,
               "a clip is refused: " + std::to_string(counts_.open) +
                   " are open already (max-captures" + (queues ? " and a queue of 64)" : ")"),
               {}};
}

Result<guint> Captures::capture(const Trigger& trigger, std::optional<Nanoseconds> now) {
  const auto look = settings().look();  // may read a file, while the stream goes on
  if (!look) return look.error();
  const auto clip = collect(trigger, *look, now);
  if (!clip) return clip.error();
  post_started(sink_, *clip);
  announce(clip->id);
  return clip->id;
}

ClipSettings Captures::settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

Result<Clip> Captures::collect(const Trigger& trigger, const AnimationRequest& look,
                               std::optional<Nanoseconds> now) {
  const std::lock_guard lock(mutex_);
  if (Status room = check_room(); !room) return room.error();
  if (!now) now = ring_.newest();
  if (!now) {
    return Error{ErrorCode::OutOfRange, "a clip is asked for, but no picture has come yet", {}};
  }
  const auto asked = time_or_none(trigger.running_time);
  if (!asked && GST_CLOCK_TIME_IS_VALID(trigger.running_time)) {
    return Error{
        ErrorCode::InvalidArgument,
        "a clip is asked for at a running-time that is no time; GST_CLOCK_TIME_NONE is now",
        {}};
  }
  const guint id = last_id_ == G_MAXUINT ? 1 : last_id_ + 1;  // 0 is none
  auto clip = clip_of(trigger, settings_, look, id, asked.value_or(*now), *now);
  if (!clip) return clip;
  last_id_ = id;
  ++counts_.open;
  cancels_.push_back(clip->is_cancelled);
  Collected collected;
  collected.clip = *clip;
  collected.groups = ring_.since(clip->from);
  collected.bytes = bytes_of(collected.groups);
  collected.due = Clock::now() + std::max(clip->to - *now, Nanoseconds(0));
  collected_.push_back(std::move(collected));
  return clip;
}

void Captures::announce(guint id) {
  const std::lock_guard lock(mutex_);
  for (Collected& collected : collected_) {
    if (collected.clip.id == id) collected.is_announced = true;
  }
  if (has_ended_) {
    end_all_now();
  } else {
    complete_what_can();
  }
}

// The newest group may still grow: what has come of it is copied. The rest is as it is, so that
// the stream does not wait here while an hour of it is looked through.
void Captures::submit(Collected collected) {
  if (!collected.groups.empty() && collected.groups.back() == ring_.last()) {
    collected.groups.back() = std::make_shared<const Ring::Group>(*collected.groups.back());
  }
  auto shared = std::make_shared<Collected>(std::move(collected));
  DecodePool::shared().submit(
      {this, settings_.max_captures, [self = shared_from_this(), shared] { self->make(*shared); }});
}

Result<ClipReport> Captures::made_of(Collected& collected) {
  Clip& clip = collected.clip;
  if (*clip.is_cancelled) return Error{ErrorCode::Internal, "the clip was cancelled", {}};
  if (collected.is_over) {
    clip.to = std::max(clip.from, std::min(clip.to, newest_of(collected.groups)));
  }
  const Units units = clip_units(collected.groups, clip.from, clip.to);
  collected.groups.clear();
  return make_clip(clip, units, [&](auto frames, auto expected) {
    post_progress(sink_, clip, frames, expected);
  });
}

// Nothing of the stream is held any more when it is told of.
void Captures::make(Collected& collected) {
  const auto report = made_of(collected);
  collected.groups.clear();
  count(report.ok());
  if (report) {
    post_done(sink_, collected.clip, *report, collected.is_early);
  } else {
    post_failed(sink_, collected.clip, report.error());
  }
  const std::lock_guard lock(mutex_);
  --counts_.open;
  cancels_.remove_if([](const auto& flag) { return flag.expired(); });
  closed_.notify_all();
}

// Before the message: whoever gets it finds it counted. The clip is open until after it.
void Captures::count(bool is_done) {
  const std::lock_guard lock(mutex_);
  ++(is_done ? counts_.done : counts_.failed);
}

// ---- Ends ----

void Captures::close_all() {
  if (settings_.on_stop == OnStop::Cancel) {
    for (const auto& flag : cancels_) {
      if (const auto is_cancelled = flag.lock()) *is_cancelled = true;
    }
  }
  end_all_now();
  if (settings_.on_stop == OnStop::Cancel) DecodePool::shared().hurry(this);
}

bool Captures::finish() {
  std::unique_lock lock(mutex_);
  has_ended_ = true;
  close_all();
  closed_.wait(lock, [this] { return counts_.open == 0 || released_; });
  return counts_.open == 0;
}

void Captures::release() {
  const std::lock_guard lock(mutex_);
  released_ = true;
  closed_.notify_all();
}

void Captures::hold() {
  const std::lock_guard lock(mutex_);
  released_ = false;
}

// A stream that stops, a server that died: what has come is the clip. Its last picture is still on
// screen, so it is shown until the clip's end.
void Captures::look_for_late_ends() {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  for (Collected& collected : collected_) {
    const bool is_silent = now >= collected.due + kSilence && now - last_arrival_ >= kSilence;
    const bool stands_still = now >= collected.due + kStandstill;
    if (collected.ends_now || !(is_silent || stands_still)) continue;
    collected.is_early = true;
    collected.ends_now = true;
  }
  complete_what_can();
}

// While there is something to wait for.
void Captures::run_watchdog() {
  if (is_watched_ == !collected_.empty()) return;
  is_watched_ = !collected_.empty();
  if (!is_watched_) {
    watchdog_.stop();
    return;
  }
  watchdog_.start([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->look_for_late_ends();
  });
}

CaptureStats Captures::stats() const {
  const std::lock_guard lock(mutex_);
  CaptureStats out = counts_;
  out.ring_bytes = ring_.bytes();
  out.ring_begin = ring_.begin();
  out.ring_duration = ring_.length();
  out.ring_groups = ring_.groups();
  return out;
}

}  // namespace anim
