// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/plan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "gst/core/play_order.h"
#include "gst/core/text.h"

namespace anim {
namespace {

constexpr std::int64_t kLargestTerm = std::numeric_limits<std::int32_t>::max();  // of a GstFraction
constexpr Rational kGifRate{50};            // a delay is at least 2/100 s
constexpr Rational kLongestShown{604'800};  // seconds: a week, which both formats hold in parts

std::string seconds_text(Nanoseconds time) {
  return readable(Rational(time.count(), kSecond)) + " s";
}

std::string size_text(Size size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

// The last continued fraction convergent of `value` (> 0) whose terms are at most kLargestTerm; the
// value itself when its terms are, kLargestTerm when it is larger. An error below 1/den², far below
// a nanosecond per frame.
Rational as_fraction(Rational value) {
  std::int64_t num = value.num();
  std::int64_t den = value.den();
  std::pair<std::int64_t, std::int64_t> before{0, 1};
  std::pair<std::int64_t, std::int64_t> now{1, 0};
  while (den != 0) {
    const std::int64_t whole = num / den;
    const auto next = [whole](std::int64_t last, std::int64_t previous) {
      return last > (kLargestTerm - previous) / std::max<std::int64_t>(whole, 1)
                 ? kLargestTerm + 1
                 : whole * last + previous;
    };
    const std::pair<std::int64_t, std::int64_t> after{next(now.first, before.first),
                                                      next(now.second, before.second)};
    if (after.first > kLargestTerm || after.second > kLargestTerm) break;
    before = std::exchange(now, after);
    num = std::exchange(den, num % den);
  }
  return now.second == 0 ? Rational(kLargestTerm) : Rational(now.first, now.second);
}

// How far apart `number` samples are that lie evenly in `span` > 0, in seconds.
Rational even_interval(Nanoseconds span, std::uint64_t number) {
  const auto count = static_cast<std::int64_t>(number);
  return Rational(span.count(), count).times(Rational(1, kSecond)).value_or(Rational(1, kSecond));
}

// How many k >= 0 there are with k * interval < span.
std::uint64_t samples_within(Nanoseconds span, Rational interval) {
  const auto exact = interval.times(Rational(kSecond));
  const std::int64_t num = exact ? exact->num() : to_nanoseconds(interval).count();
  const std::int64_t den = exact ? exact->den() : 1;
  return static_cast<std::uint64_t>(
      mul_div_ceil(span.count(), den, std::max<std::int64_t>(num, 1)));
}

// How many frames of a constant rate a span shows. Containers round times (Matroska to 1 ms), so
// a last frame of less than a tenth of its time is none.
std::uint64_t frames_within(Nanoseconds span, Rational rate) {
  const Rational fast = rate.times(Rational(10, kSecond)).value_or(Rational(1, kSecond));
  const std::int64_t tenths = mul_div_floor(span.count(), fast.num(), fast.den());
  return static_cast<std::uint64_t>(std::max<std::int64_t>((tenths + 9) / 10, 1));
}

// As 2997/100 for 30000/1001: a hundredth of a per mille.
bool is_nearly_whole(double rate) {
  constexpr double kNear = 1e-5;
  return std::abs(rate - std::round(rate)) <= kNear * rate;
}

double fitscale_side(const Side& side) {
  return side.kind == Side::Kind::Follow ? kFollow : side.value.to_double();
}

/// Plans one output; each step fills its part of the plan.
class Planner {
 public:
  Planner(const AnimationRequest& request, const SourceFacts& source)
      : request_(request), source_(source) {}

  Result<OutputPlan> operator()() {
    if (source_.size.width < 1 || source_.size.height < 1) {
      return Error{ErrorCode::Internal, "the size of the source is not known", {}};
    }
    if (Status status = plan_span(); !status) return status.error();
    if (Status status = plan_size(); !status) return status.error();
    if (Status status = plan_samples(); !status) return status.error();
    if (Status status = check_shown(); !status) return status.error();
    plan_count();
    plan_duration();
    return std::move(plan_);
  }

 private:
  void warn(std::string_view field, const std::string& text) {
    plan_.warnings.push_back(request_.path + std::string(field) + ": " + text);
  }

  Status plan_span() {
    plan_.sample = sample_plan(request_, source_.length);
    if (!source_.length) return success();
    if (plan_.sample.start >= *source_.length) {
      return Error{ErrorCode::OutOfRange,
                   request_.path + "/StartTime: " + readable(request_.start_time) +
                       " s is at or after the end of the timeline, which is " +
                       seconds_text(*source_.length) + " long",
                   {}};
    }
    span_ = *source_.length - plan_.sample.start;
    return success();
  }

  Status plan_size() {
    plan_.scale = {fitscale_side(request_.width), fitscale_side(request_.height),
                   request_.scale_type, request_.background.value_or(0xFF000000)};
    const auto size = canvas_for(source_.size, asked(request_.scale_type));
    if (!size) return located(size.error());
    plan_.size = *size;
    const int most = largest_side(request_.format);
    if (size->width > most || size->height > most) return oversized(most);
    warn_of_shape();
    if (request_.background && request_.scale_type != ScaleType::Fill) {
      warn("/Background", "counts only with ScaleType fill, which adds bars");
    }
    return success();
  }

  [[nodiscard]] FitRequest asked(ScaleType type) const {
    return {.width = plan_.scale.width, .height = plan_.scale.height, .type = type};
  }

  [[nodiscard]] Error located(const Error& error) const {
    return {ErrorCode::InvalidArgument, request_.path + ": " + error.message, error.detail};
  }

  [[nodiscard]] Error oversized(int most) const {
    return located({ErrorCode::InvalidArgument,
                    "would be " + size_text(plan_.size) + " pixels; Format " +
                        std::string(to_string(request_.format)) + " allows at most " +
                        std::to_string(most) + " a side; give a smaller Width or Height",
                    {}});
  }

  void warn_of_shape() {
    const bool no_width = request_.width.kind == Side::Kind::Source;
    const bool no_height = request_.height.kind == Side::Kind::Source;
    if (no_width == no_height || request_.scale_type == ScaleType::Fit) return;
    const Size box = plan_.size;  // of every ScaleType but Fit
    if (fitted_into(source_.size, box) == box) return;
    const std::string missing = no_width ? "Width" : "Height";
    const std::string given = no_width ? "Height" : "Width";
    const std::string kept = std::to_string(no_width ? box.width : box.height);
    warn("/" + missing, "is left out and stays the source's " + kept + ", so that the shape is " +
                            size_text(box) + " instead of the source's " + size_text(source_.size) +
                            "; -1 would follow " + given);
  }

  Status plan_samples() {
    switch (request_.mode) {
      case SamplingMode::Even:
        return plan_even();
      case SamplingMode::Key:
        warn_of_interval();
        return success();
      case SamplingMode::Interval:
      case SamplingMode::Scene:
        plan_interval();
        return success();
    }
    return success();
  }

  Status plan_even() {
    warn_of_interval();
    if (!span_) {
      return Error{
          ErrorCode::Unsupported,
          request_.path +
              "/Mode: even needs the length of the video, which is not known; use Interval",
          {}};
    }
    interval_ = even_interval(*span_, request_.number);
    if (source_.frame_rate && *interval_ < source_.frame_rate->inverted()) {
      warn("/Number", std::to_string(request_.number) +
                          " frames are more than the video has; some are shown several times");
    }
    return success();
  }

  void warn_of_interval() {
    if (!request_.interval) return;
    warn("/Interval", "has no effect with Mode " + std::string(to_string(request_.mode)));
  }

  void plan_interval() {
    interval_ = request_.interval;
    if (interval_ && source_.frame_rate && *interval_ < source_.frame_rate->inverted()) {
      warn("/Interval", readable(*interval_) + " s is below the source's frame distance of " +
                            readable(source_.frame_rate->inverted()) +
                            " s and counts as that: every frame is taken");
      interval_.reset();
    }
    if (interval_) return;
    plan_.sample.interval = Nanoseconds(0);
    plan_.sample.rate = Rational(0);
  }

  Status check_shown() const {
    const auto shown = shown_rate();
    if (!shown || shown->inverted() <= kLongestShown) return success();
    const std::string field = request_.frame_rate                   ? "/FrameRate"
                              : request_.mode == SamplingMode::Even ? "/Number"
                                                                    : "/Interval";
    return Error{ErrorCode::InvalidArgument,
                 request_.path + field + ": each frame would be shown for " +
                     readable(shown->inverted()) + " s, at most a week (604800 s) is allowed" +
                     (request_.frame_rate ? "" : "; give a FrameRate"),
                 {}};
  }

  // Of random access points and scenes nobody knows it before.
  void plan_count() {
    std::optional<std::uint64_t> found;
    if (is_known_by_reading()) return;
    if (span_ && interval_) found = samples_within(*span_, *interval_);
    if (span_ && !interval_ && source_.frame_rate) {
      found = frames_within(*span_, *source_.frame_rate);
    }
    if (found && request_.number > 0) found = std::min(*found, request_.number);
    if (found) plan_.frames = showing_count(*found, order());
  }

  [[nodiscard]] bool is_known_by_reading() const {
    return request_.mode == SamplingMode::Key || request_.mode == SamplingMode::Scene;
  }

  [[nodiscard]] PlayOrder order() const {
    return {.reverse = request_.reverse, .boomerang = request_.boomerang};
  }

  void plan_duration() {
    const std::optional<Rational> shown = shown_rate();
    if (shown) warn_of_gif_rate(*shown);
    if (plan_.frames && shown && (is_timed_anew() || request_.boomerang)) {
      const auto count = static_cast<std::int64_t>(*plan_.frames);
      const auto length = Rational(count).times(shown->inverted());
      if (length) plan_.duration = to_nanoseconds(*length);
    } else if (plays_whole_span()) {
      const Rational speed = request_.speed;
      plan_.duration = Nanoseconds(mul_div_round(sampled_span().count(), speed.den(), speed.num()));
    }
  }

  // The last sample lasts an Interval, wherever the source ends.
  [[nodiscard]] Nanoseconds sampled_span() const {
    if (!interval_) return *span_;
    const auto count = static_cast<std::int64_t>(samples_within(*span_, *interval_));
    const auto length = Rational(count).times(*interval_);
    return length ? to_nanoseconds(*length) : *span_;
  }

  // Not with the source's own timing up to its end.
  [[nodiscard]] bool is_timed_anew() const {
    return interval_ || request_.frame_rate || request_.number > 0;
  }

  // The first picture that a scene keeps is the first of all.
  [[nodiscard]] bool plays_whole_span() const {
    if (!span_ || request_.boomerang || request_.frame_rate || request_.number > 0) return false;
    return request_.mode == SamplingMode::Scene || (!interval_ && !is_known_by_reading());
  }

  // Frames shown a second, where that is known.
  [[nodiscard]] std::optional<Rational> shown_rate() const {
    const auto rate = unsped_rate();
    return rate ? rate->times(request_.speed) : std::nullopt;
  }

  [[nodiscard]] std::optional<Rational> unsped_rate() const {
    if (request_.frame_rate) return request_.frame_rate;
    if (is_known_by_reading()) return std::nullopt;
    if (interval_) return interval_->inverted();
    return source_.frame_rate;
  }

  void warn_of_gif_rate(Rational shown) {
    if (request_.format != AnimationFormat::Gif || shown <= kGifRate) return;
    warn("/FrameRate", readable(shown) +
                           " frames a second are shown, but a GIF has at most 50; frames in "
                           "between are left out, the speed stays");
  }

  const AnimationRequest& request_;
  const SourceFacts& source_;
  std::optional<Rational> interval_;  ///< after clamping; absent: every frame
  std::optional<Nanoseconds> span_;   ///< from StartTime to the end
  OutputPlan plan_;
};

}  // namespace

Nanoseconds to_nanoseconds(Rational seconds) {
  return Nanoseconds(mul_div_round(seconds.num(), kSecond, seconds.den()));
}

namespace {

void set_interval(SamplePlan& sample, Rational interval) {
  const auto exact = interval.times(Rational(kSecond));
  const Rational rate = interval.inverted();
  if (exact && exact->is_whole()) {
    sample.interval = Nanoseconds(exact->num());
  } else if (rate.num() <= kLargestTerm && rate.den() <= kLargestTerm) {
    sample.rate = rate;
  } else {
    sample.interval = std::max(to_nanoseconds(interval), Nanoseconds(1));
  }
}

// A nanosecond is too coarse here: its error would grow with k.
void set_even(SamplePlan& sample, Rational interval) {
  const auto exact = interval.times(Rational(kSecond));
  if (exact && exact->is_whole()) {
    sample.interval = Nanoseconds(exact->num());
  } else {
    sample.rate = as_fraction(interval.inverted());
  }
}

}  // namespace

SamplePlan sample_plan(const AnimationRequest& request, std::optional<Nanoseconds> length) {
  SamplePlan sample;
  sample.start = to_nanoseconds(request.start_time);
  if (request.mode != SamplingMode::Scene) sample.max_frames = request.number;
  sample.keys_alone = request.mode == SamplingMode::Key;
  sample.speed = as_fraction(request.speed);
  if (request.frame_rate) sample.frame_rate = as_fraction(*request.frame_rate);
  if (request.mode == SamplingMode::Even) {
    if (length && *length > sample.start) {
      set_even(sample, even_interval(*length - sample.start, request.number));
    }
  } else if (request.interval && request.mode != SamplingMode::Key) {
    set_interval(sample, *request.interval);
  }
  return sample;
}

Result<Nanoseconds> trimmed_length(const TaskSource& source, Nanoseconds whole) {
  const Nanoseconds start = to_nanoseconds(source.start_time);
  if (start >= whole) {
    return Error{ErrorCode::OutOfRange,
                 source.path + "/StartTime: " + readable(source.start_time) +
                     " s is at or after the end of the source, which is " + seconds_text(whole) +
                     " long",
                 {}};
  }
  const Nanoseconds rest = whole - start;
  return source.duration ? std::min(rest, to_nanoseconds(*source.duration)) : rest;
}

bool is_constant_rate(Rational stated) {
  constexpr double kNtsc = 1.001;
  const double rate = stated.to_double();
  return is_nearly_whole(rate) || is_nearly_whole(rate * kNtsc) || stated == Rational(25, 2) ||
         stated == Rational(15, 2);
}

Result<OutputPlan> plan_output(const AnimationRequest& request, const SourceFacts& source) {
  return Planner(request, source)();
}

}  // namespace anim
