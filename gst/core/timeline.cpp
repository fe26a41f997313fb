// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/timeline.h"

#include <algorithm>

#include "gst/core/sampling.h"

namespace anim {

TimelinePart part_of(const TaskSource& source, Nanoseconds offset) {
  TimelinePart part{.start = to_nanoseconds(source.start_time), .stop = {}, .offset = offset};
  if (source.duration) part.stop = part.start + to_nanoseconds(*source.duration);
  return part;
}

std::vector<SamplePlan> samples_on(const TimelinePart& part, const SamplePlan& plan) {
  SamplePlan here = plan;
  here.frame_rate = Rational(0);
  here.speed = Rational(1);
  here.start = part.start + std::max(plan.start - part.offset, Nanoseconds(0));
  SamplingPlan periodic = SamplingPlan::from(plan.interval, plan.rate, Rational(0));
  if (plan.start >= part.offset || periodic.takes_every_frame()) return {here};
  // In the midst of the samples: the first one on the part.
  periodic.start = plan.start;
  const std::uint64_t first = periodic.first_sample_at(part.offset);
  if (plan.max_frames > 0) {
    if (first >= plan.max_frames) return {};
    here.max_frames = plan.max_frames - first;
  }
  const Nanoseconds time = plan.start + periodic.output_time(first);
  here.start = part.start + std::max(time - part.offset, Nanoseconds(0));
  if (plan.rate.is_zero()) return {here};
  // The time of the first sample is between two nanoseconds.
  SamplePlan above = here;
  above.start += Nanoseconds(1);
  return {here, above};
}

bool is_wanted(const TimelinePart& part, const std::vector<AnimationRequest>& animations,
               std::optional<Nanoseconds> length) {
  return std::any_of(animations.begin(), animations.end(), [&](const AnimationRequest& request) {
    return !samples_on(part, sample_plan(request, length)).empty();
  });
}

Result<SourceFacts> trimmed(SourceFacts whole, const TaskSource& source) {
  if (!whole.length) return whole;
  const auto length = trimmed_length(source, *whole.length);
  if (!length) return length.error();
  whole.length = *length;
  return whole;
}

SourceFacts joined_facts(const std::vector<SourceFacts>& parts, unsigned alignment_index) {
  SourceFacts all = parts.at(alignment_index);
  all.length = Nanoseconds(0);
  for (const SourceFacts& part : parts) {
    all.may_be_interlaced = all.may_be_interlaced || part.may_be_interlaced;
    all.has_alpha = all.has_alpha || part.has_alpha;
    if (part.length && all.length) {
      *all.length += *part.length;
    } else {
      all.length.reset();
    }
  }
  return all;
}

}  // namespace anim
