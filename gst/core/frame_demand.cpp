// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/frame_demand.h"

#include <algorithm>

namespace anim {
namespace {

// What a frame lasts at the end of a stream is told by its decoder in its own way; so much more
// than the stream says is allowed for.
constexpr Nanoseconds kDoubt{kSecond};

// A time that is asked for, and never comes; and more than kRounding.
constexpr Nanoseconds kBeyondAnyStream = kForever / 2;
constexpr Nanoseconds kClearlyBefore{1000};

// The first two tell a sampler where zero is, and whether the stream counts in milliseconds.
constexpr std::uint64_t kAlwaysNeeded = 2;
// For random access points zero is enough.
constexpr std::uint64_t kNeededBesideKeys = 1;

}  // namespace

void FrameDemand::keep_end(Nanoseconds time) {
  keeps_end_ = true;
  keys_alone_ = false;
  SamplingPlan last;
  last.start = std::max(std::min(time, kBeyondAnyStream) - kClearlyBefore, Nanoseconds(0));
  last.stop = time;
  plans_.push_back(last);
}

bool FrameDemand::are_for_keys(const std::vector<SamplingPlan>& plans) {
  return std::all_of(plans.begin(), plans.end(),
                     [](const SamplingPlan& plan) { return plan.keys_alone; });
}

FrameDemand::Answer FrameDemand::frame(const Frame& frame) {
  const bool is_before_segment = frame.time < Nanoseconds(0);
  const bool begins = choices_.empty() || (next_may_be_first_ && !is_before_segment);
  if (begins) begin_choice();
  Answer answer;
  // Of the frames before the segment the last one may be cut to its beginning.
  answer.shows_previous = last_ && last_->time < Nanoseconds(0) && frame.time > Nanoseconds(0);
  for (std::size_t i = 0; i < choices_.size(); ++i) {
    const bool is_its_first = begins && i + 1 == choices_.size();
    if (is_its_first || !frame.may_be_hidden) ask(i, frame, answer);
  }
  const bool may_be_nothing = frame.may_be_hidden || is_before_segment;
  if (!may_be_nothing) ++frames_;
  // One that begins before the segment and ends in it is cut to the segment and given out.
  const bool may_be_cut = is_before_segment &&
                          frame.time + frame.duration.value_or(kDoubt) + kRounding > Nanoseconds(0);
  const std::uint64_t always_needed = keys_alone_ ? kNeededBesideKeys : kAlwaysNeeded;
  const bool is_at_beginning = frames_ > 0 && frames_ <= always_needed;
  const bool ends_samples = is_done() && !keys_alone_;
  answer.needs_this =
      answer.needs_this || frame.may_be_hidden || may_be_cut || is_at_beginning || ends_samples;
  next_may_be_first_ = next_may_be_first_ && may_be_nothing;
  if (last_) distance_ = frame.time - last_->time;
  last_ = frame;
  return answer;
}

void FrameDemand::ask(std::size_t choice, const Frame& frame, Answer& answer) {
  done_[choice] = true;
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    Sampler& sampler = choices_[choice][i];
    const auto step = sampler.frame(frame.time, frame.is_key);
    if (plans_[i].keys_alone) {
      // One that is no sample any more still ends the last one.
      const bool matters = step.holds || step.run.count > 0;
      answer.needs_this = answer.needs_this || (frame.is_key && matters);
    } else {
      answer.shows_previous = answer.shows_previous || step.run.count > 0;
      answer.needs_this = answer.needs_this || outlasts(sampler, plans_[i], step.run);
    }
    done_[choice] = done_[choice] && step.done;
  }
}

// Whether the frame before is still a sample when its own duration is over: then a frame must
// follow it, for the end of the stream would cut it to that duration.
bool FrameDemand::outlasts(const Sampler& sampler, const SamplingPlan& plan, const Run& run) const {
  if (run.count == 0) return false;
  const Nanoseconds end = last_->time + last_->duration.value_or(Nanoseconds(0)) - *sampler.zero();
  if (plan.takes_every_frame()) {
    return last_->time - *sampler.zero() < plan.start && end - kRounding <= plan.start;
  }
  return plan.first_sample_at(end) < run.first + run.count;
}

void FrameDemand::begin_choice() {
  Choice& choice = choices_.emplace_back();
  for (const SamplingPlan& plan : plans_) choice.emplace_back(plan, zero_);
  done_.push_back(false);
}

std::optional<Nanoseconds> FrameDemand::next_time() const {
  if (next_may_be_first_ || frames_ < kAlwaysNeeded) return {};
  Nanoseconds next = kForever;
  for (const Choice& choice : choices_) {
    for (const Sampler& sampler : choice) next = std::min(next, sampler.next_time().value_or(next));
  }
  return next;
}

bool FrameDemand::end(std::optional<Nanoseconds> until) {
  if (!last_) return false;
  const Nanoseconds duration = last_->duration.value_or(Nanoseconds(0));
  const Nanoseconds told = until.value_or(last_->time) - last_->time;
  const Nanoseconds longest = std::max(2 * std::max(duration, distance_) + kDoubt, told);
  bool shows = false;
  for (Choice& choice : choices_) {
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      if (plans_[i].keys_alone) continue;  // what they show has been said
      shows = choice[i].end(longest, longest).count > 0 || shows;
    }
  }
  return shows || keeps_end_;
}

std::optional<Nanoseconds> FrameDemand::end_time() const {
  if (!last_) return {};
  if (is_done()) return last_->time;
  return end_of_last_frame(last_->time, last_->duration, {}, distance_);
}

bool FrameDemand::is_done() const {
  return !done_.empty() && std::find(done_.begin(), done_.end(), false) == done_.end();
}

}  // namespace anim
