// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/sampling.h"

#include <algorithm>
#include <limits>

namespace anim {
namespace {

__extension__ using Wide = __int128;

constexpr Rational kAssumedDistance(kSecond / 25);
constexpr std::int64_t kFractionMax = std::numeric_limits<std::int32_t>::max();

/// The nanoseconds between events that happen `rate` times a second. Not for 0.
Rational distance_of(Rational rate) {
  return *rate.inverted().times(kSecond);
}

Nanoseconds times(std::int64_t count, Rational distance) {
  return Nanoseconds(mul_div_floor(count, distance.num(), distance.den()));
}

/// `distance` at `speed`. Where that leaves 64 bits its numerator is rounded.
Rational at_speed(Rational distance, Rational speed) {
  const auto exact = distance.times(speed.inverted());
  if (exact) return *exact;
  return {mul_div_round(distance.num(), speed.den(), speed.num()), distance.den()};
}

/// a / b of positive numbers, rounded up.
Wide ceil_div(Wide a, Wide b) {
  return (a + b - 1) / b;
}

/// Whether `instant` has come at `time`, within kRounding.
bool has_come(Nanoseconds instant, Nanoseconds time) {
  return instant - kRounding <= time;
}

/// The convergent of the continued fraction with the largest terms up to kFractionMax.
Rational approximated(Rational value) {
  std::int64_t num = value.num();
  std::int64_t den = value.den();
  Wide before_num = 0;
  Wide before_den = 1;
  Wide best_num = 1;
  Wide best_den = 0;
  while (den != 0) {
    const std::int64_t whole = num / den;
    const Wide next_num = whole * best_num + before_num;
    const Wide next_den = whole * best_den + before_den;
    if (next_num > kFractionMax || next_den > kFractionMax) break;
    before_num = best_num;
    before_den = best_den;
    best_num = next_num;
    best_den = next_den;
    const std::int64_t rest = num - whole * den;
    num = den;
    den = rest;
  }
  if (best_den == 0) return kFractionMax;
  if (best_num == 0) return {1, kFractionMax};
  return {static_cast<std::int64_t>(best_num), static_cast<std::int64_t>(best_den)};
}

}  // namespace

SamplingPlan SamplingPlan::from(Nanoseconds interval, Rational rate, Rational frame_rate,
                                Rational speed) {
  SamplingPlan plan;
  plan.period = rate.is_zero() ? Rational(interval.count()) : distance_of(rate);
  const Rational spacing = frame_rate.is_zero() ? plan.period : distance_of(frame_rate);
  plan.spacing = at_speed(spacing, speed);
  plan.speed = speed;
  return plan;
}

Nanoseconds SamplingPlan::output_time(std::uint64_t k) const {
  const auto bounded = std::min<std::uint64_t>(k, std::numeric_limits<std::int64_t>::max());
  return times(static_cast<std::int64_t>(bounded), spacing);
}

std::uint64_t SamplingPlan::first_sample_at(Nanoseconds time) const {
  const Wide distance = Wide{time.count()} - kRounding.count() - start.count();
  if (distance <= 0) return 0;
  const Wide k = ceil_div(distance * period.den(), period.num());
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  return k > kMax ? kMax : static_cast<std::uint64_t>(k);
}

Nanoseconds SamplingPlan::to_source(Nanoseconds output) const {
  if (keeps_source_timing()) return times(output.count(), speed);
  if (takes_every_frame()) return output;
  const auto factor = period.times(spacing.inverted());
  return factor ? times(output.count(), *factor) : output;
}

Nanoseconds SamplingPlan::to_output(Nanoseconds source) const {
  if (keeps_source_timing()) return times(source.count(), speed.inverted());
  if (takes_every_frame()) return source;
  const auto factor = spacing.times(period.inverted());
  return factor ? times(source.count(), *factor) : source;
}

std::optional<Nanoseconds> SamplingPlan::output_duration(Nanoseconds source, Rational frame) const {
  const Nanoseconds end = std::min(source, stop);
  if (end <= start) return Nanoseconds(0);
  if (keeps_source_timing()) return to_output(end - start);
  if (keys_alone) return std::nullopt;
  SamplingPlan counted = *this;
  if (takes_every_frame()) counted.period = frame;
  if (counted.period.is_zero()) return std::nullopt;
  const std::uint64_t count = counted.first_sample_at(end);
  return output_time(max_samples == 0 ? count : std::min(count, max_samples));
}

std::optional<Rational> SamplingPlan::output_rate() const {
  if (keeps_source_timing()) return std::nullopt;
  const auto rate = spacing.inverted().times(kSecond);
  return rate ? approximated(*rate) : Rational(1, kFractionMax);
}

void FrameClock::set_distance(Rational distance) {
  distance_ = distance;
  anchor_ = last_;
  since_anchor_ = 0;
}

FrameClock::Timed FrameClock::next(std::optional<Nanoseconds> time,
                                   std::optional<Nanoseconds> duration) {
  Timed timed;
  if (time || !last_) {
    timed.time = time.value_or(Nanoseconds(0));
    anchor_ = timed.time;
    since_anchor_ = 0;
  } else if (last_duration_) {
    timed.time = *last_ + *last_duration_;
    anchor_ = timed.time;
    since_anchor_ = 0;
  } else {
    timed.is_assumed = distance_.is_zero();
    timed.time = *anchor_ + times(++since_anchor_, timed.is_assumed ? kAssumedDistance : distance_);
  }
  if (last_ && timed.time > *last_) seen_distance_ = timed.time - *last_;
  last_ = timed.time;
  last_duration_ = duration && *duration > Nanoseconds(0) ? duration : std::nullopt;
  return timed;
}

Nanoseconds FrameClock::distance() const {
  if (!distance_.is_zero()) return times(1, distance_);
  if (seen_distance_ > Nanoseconds(0)) return seen_distance_;
  return times(1, kAssumedDistance);
}

Sampler::Sampler(const SamplingPlan& plan, Zero zero)
    : plan_(plan),
      limit_(plan.max_samples == 0 ? std::numeric_limits<std::uint64_t>::max() : plan.max_samples) {
  if (!plan_.takes_every_frame() && plan_.stop != kForever) {
    limit_ = std::min(limit_, plan_.first_sample_at(plan_.stop));
  }
  if (zero == Zero::SegmentStart) zero_ = Nanoseconds(0);
}

Sampler::Step Sampler::frame(Nanoseconds running_time, bool is_key) {
  if (!zero_) zero_ = std::max(running_time, Nanoseconds(0));
  if (running_time % std::chrono::milliseconds(1) != Nanoseconds(0)) counts_milliseconds_ = false;
  const Nanoseconds time = running_time - *zero_;
  Step step;
  if (last_ && time < *last_) {
    step.done = is_done(*last_);
    return step;
  }
  const bool counts = !plan_.keys_alone || (is_key && has_come(plan_.start, time));
  if (held_ && (counts || is_done(time))) step.run = run_until(time);
  if (last_ && time > *last_) previous_ = last_;
  last_ = time;
  step.done = is_done(time);
  step.holds = counts && !step.done;
  if (counts || step.done) held_ = step.holds ? last_ : std::nullopt;
  return step;
}

Run Sampler::end(std::optional<Nanoseconds> duration, Nanoseconds fallback, Nanoseconds stop) {
  if (!held_) return {};
  Nanoseconds end = end_of_last_frame(*held_, duration, previous_, fallback);
  if (counts_milliseconds_) end = std::chrono::floor<std::chrono::milliseconds>(end);
  return end_at(end + *zero_, stop);
}

Run Sampler::end_at(Nanoseconds time, Nanoseconds stop) {
  if (!held_) return {};
  const Nanoseconds end = std::min(std::max(time, held_until_), stop);
  const Run run = run_until(std::max(end - *zero_, *held_));
  held_.reset();
  return run;
}

Sample Sampler::sample(const Run& run, std::uint64_t i) const {
  const std::uint64_t k = run.first + i;
  if (plan_.keeps_source_timing()) {
    const Nanoseconds from = plan_.to_output(run.shown_from);
    return {k, from, plan_.to_output(run.shown_until) - from};
  }
  const Nanoseconds time = plan_.output_time(k);
  return {k, time, plan_.output_time(k + 1) - time};
}

std::optional<Nanoseconds> Sampler::next_time() const {
  if (!zero_) return std::nullopt;
  const Nanoseconds newest = last_.value_or(Nanoseconds(0));
  if (is_done(newest)) return kForever;
  const Wide time =
      plan_.takes_every_frame()
          ? Wide{std::max(plan_.start, newest).count()}
          : plan_.start.count() + Wide{next_} * plan_.period.num() / plan_.period.den();
  const Wide running = time + zero_->count();
  return running < kForever.count() ? Nanoseconds(static_cast<std::int64_t>(running)) : kForever;
}

// The samples of the held frame, which is on screen until `time`.
Run Sampler::run_until(Nanoseconds time) {
  const Run run = plan_.takes_every_frame() ? single_run(time) : periodic_run(time);
  next_ += run.count;
  return run;
}

Run Sampler::periodic_run(Nanoseconds time) const {
  const std::uint64_t end = std::min(plan_.first_sample_at(time), limit_);
  Run run;
  run.first = next_;
  run.count = end > next_ ? end - next_ : 0;
  return run;
}

// Every frame is shown once, beginning with the one on screen at the start.
Run Sampler::single_run(Nanoseconds time) {
  Run run;
  run.first = next_;
  if (*held_ < plan_.start && has_come(time, plan_.start)) return run;
  if (next_ >= limit_ || has_come(plan_.stop, *held_)) return run;
  const Nanoseconds from = std::max(*held_, plan_.start);
  if (!origin_) origin_ = from;
  run.count = 1;
  run.shown_from = from - *origin_;
  run.shown_until = std::max(std::min(time, plan_.stop), from) - *origin_;
  return run;
}

// Whether no sample can come once the stream has reached `time`.
bool Sampler::is_done(Nanoseconds time) const {
  if (next_ >= limit_) return true;
  return plan_.takes_every_frame() && has_come(plan_.stop, time);
}

}  // namespace anim
