// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/task_limits.h"

#include <algorithm>

#include "gst/core/rational.h"
#include "gst/core/text.h"
#include "gst/core/uri.h"

namespace anim {
namespace {

Error excess(std::string message) {
  return {ErrorCode::LimitExceeded, std::move(message), {}};
}

std::string at_most(std::uint64_t limit, const char* property) {
  return "at most " + std::to_string(limit) + " are allowed (" + property + ")";
}

std::string seconds(Nanoseconds time) {
  return readable(Rational(time.count(), kSecond)) + " s";
}

std::uint64_t pixels_of(Size size) {
  return static_cast<std::uint64_t>(size.area());
}

std::string size_text(Size size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

std::string joined(const std::vector<std::string>& names) {
  return listed(std::vector<std::string_view>(names.begin(), names.end()));
}

}  // namespace

Result<std::vector<std::string>> schemes_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    if (std::find(kUriSchemes.begin(), kUriSchemes.end(), name) == kUriSchemes.end()) {
      return Error{ErrorCode::InvalidArgument,
                   "allowed-schemes: " + in_quotes(name) + " is not one of " + listed(kUriSchemes) +
                       hint(name, kUriSchemes),
                   {}};
    }
    out.emplace_back(name);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

Status check_scheme(const std::string& path, std::string_view uri, const TaskLimits& limits) {
  const std::string scheme = uri_scheme(uri);
  const auto& allowed = limits.schemes;
  if (std::find(allowed.begin(), allowed.end(), scheme) != allowed.end()) return success();
  return Error{ErrorCode::InvalidArgument,
               path + ": " + in_quotes(uri) + " is of the scheme " + scheme +
                   ", which is not allowed here; " +
                   (allowed.empty() ? "none is" : "allowed are " + joined(allowed)) +
                   " (allowed-schemes)",
               {}};
}

Status check_task_schemes(const Task& task, const TaskLimits& limits) {
  for (const TaskSource& source : task.sources) {
    if (Status status = check_scheme(source.path + "/URI", source.uri, limits); !status) {
      return status;
    }
  }
  if (!task.webhook) return success();
  return check_scheme("/Notification/Webhook/URL", bare_url(*task.webhook), limits);
}

Status PlanBudget::take(const AnimationRequest& request, const OutputPlan& plan) {
  const std::uint64_t frames = plan.frames.value_or(0);
  if (limits_.frames > 0 && frames > limits_.frames) {
    return excess(request.path + ": " + std::to_string(frames) + " frames would be sampled, " +
                  at_most(limits_.frames, "max-frames") + "; give a longer Interval or a Number");
  }
  pixels_ += pixels_of(plan.size);
  if (limits_.pixels == 0 || pixels_ <= limits_.pixels) return success();
  const bool is_first = pixels_ == pixels_of(plan.size);
  return excess(request.path + ": the picture of " + size_text(plan.size) +
                (is_first ? " has " : " brings all animations together to ") +
                std::to_string(pixels_) + " pixels, " + at_most(limits_.pixels, "max-pixels") +
                "; give a smaller Width or Height");
}

Status check_timeline(Nanoseconds length, const TaskLimits& limits) {
  if (limits.duration.count() == 0 || length <= limits.duration) return success();
  return excess("/Sources: the timeline is " + seconds(length) + " long, at most " +
                seconds(limits.duration) + " are allowed (max-duration); give a shorter Duration");
}

Status check_picture(const std::string& path, Size size, const TaskLimits& limits) {
  if (limits.pixels == 0 || pixels_of(size) <= limits.pixels) return success();
  return excess(path + "/URI: a picture of " + size_text(size) + " has " +
                std::to_string(pixels_of(size)) + " pixels, " +
                at_most(limits.pixels, "max-pixels"));
}

Error too_many_frames(const AnimationRequest& request, const TaskLimits& limits) {
  return excess(request.path + ": more frames are there to sample, " +
                at_most(limits.frames, "max-frames") + "; give a longer Interval or a Number");
}

Error timeline_too_long(const TaskLimits& limits) {
  return excess("/Sources: the video goes on for more than " + seconds(limits.duration) +
                ", the most that is allowed (max-duration); give a Duration");
}

Error output_too_large(const AnimationRequest& request, std::string_view uri,
                       const TaskLimits& limits) {
  return excess(request.path + "/URI: " + in_quotes(uri) + " would be larger than " +
                std::to_string(limits.output_bytes) +
                " bytes, the most that is allowed (max-output-size)");
}

Error took_too_long(const TaskLimits& limits) {
  return excess("the task took longer than " + seconds(limits.timeout) +
                ", the most that is allowed (timeout)");
}

}  // namespace anim
