// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/task_limits.h"

using anim::AnimationRequest;
using anim::ErrorCode;
using anim::OutputPlan;
using anim::Status;
using anim::TaskLimits;

namespace {

AnimationRequest request() {
  AnimationRequest out;
  out.path = "/Targets/0/Image/Animations/1";
  return out;
}

std::string refusal(const Status& status, ErrorCode code = ErrorCode::LimitExceeded) {
  if (status) return "accepted";
  CHECK(static_cast<int>(status.error().code) == static_cast<int>(code));
  return status.error().message;
}

std::string frames_refusal(std::uint64_t frames, std::uint64_t limit) {
  const TaskLimits limits{.frames = limit};
  OutputPlan plan;
  plan.frames = frames;
  return refusal(anim::PlanBudget(limits).take(request(), plan));
}

}  // namespace

TEST_CASE("names of schemes are read, others refused with what was meant") {
  CHECK(anim::schemes_of("oss,path").value() == std::vector<std::string>{"oss", "path"});
  CHECK(anim::schemes_of("").value().empty());
  struct Row {
    const char* text;
    const char* message;
  };
  const auto rows = std::to_array<Row>({
      {"oss,htps",
       "allowed-schemes: \"htps\" is not one of oss, s3, http, https, file, path, stdin (did you "
       "mean \"https\"?)"},
      {"oss,,s3", "allowed-schemes: \"\" is not one of oss, s3, http, https, file, path, stdin"},
      {"oss, s3",
       "allowed-schemes: \" s3\" is not one of oss, s3, http, https, file, path, stdin (did you "
       "mean \"s3\"?)"},
  });
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto schemes = anim::schemes_of(row.text);
    REQUIRE_FALSE(schemes.ok());
    CHECK(schemes.error().message == row.message);
  }
}

TEST_CASE("all schemes are allowed unless some are chosen") {
  for (const char* uri : {"oss://b/k", "OSS://b/k", "s3://b/k", "http://h/x", "https://h/x",
                          "file:///x", "x.mp4", "/x.mp4", "-"}) {
    CAPTURE(uri);
    CHECK(anim::check_scheme("/Sources/0/URI", uri, TaskLimits{}).ok());
  }
  const TaskLimits stores{.schemes = {"oss", "s3"}};
  CHECK(anim::check_scheme("/Sources/0/URI", "Oss://b/k", stores).ok());
  struct Row {
    const char* uri;
    const char* scheme;
  };
  const auto rows = std::to_array<Row>({{"file:///etc/passwd", "file"},
                                        {"FILE:///etc/passwd", "file"},
                                        {"/etc/passwd", "path"},
                                        {"etc/passwd", "path"},
                                        {"oss:/etc/passwd", "path"},
                                        {"http://h/x", "http"},
                                        {"https://h/x", "https"},
                                        {"-", "stdin"}});
  for (const Row& row : rows) {
    CAPTURE(row.uri);
    CHECK(refusal(anim::check_scheme("/Sources/0/URI", row.uri, stores),
                  ErrorCode::InvalidArgument) ==
          "/Sources/0/URI: \"" + std::string(row.uri) + "\" is of the scheme " + row.scheme +
              ", which is not allowed here; allowed are oss, s3 (allowed-schemes)");
  }
  CHECK(refusal(anim::check_scheme("/p", "x", TaskLimits{.schemes = {}}),
                ErrorCode::InvalidArgument) ==
        "/p: \"x\" is of the scheme path, which is not allowed here; none is (allowed-schemes)");
}

TEST_CASE("every source's scheme counts") {
  anim::Task task;
  task.sources.push_back({.path = "/Sources/0", .uri = "oss://b/k", .duration = {}});
  task.sources.push_back({.path = "/Sources/1", .uri = "/etc/x", .duration = {}});
  CHECK(anim::check_task_schemes(task, TaskLimits{}).ok());
  CHECK(refusal(anim::check_task_schemes(task, TaskLimits{.schemes = {"oss"}}),
                ErrorCode::InvalidArgument)
            .starts_with("/Sources/1/URI: \"/etc/x\" is of the scheme path"));
}

TEST_CASE("a plan with too many frames is refused") {
  CHECK(frames_refusal(100, 100) == "accepted");
  CHECK(frames_refusal(UINT64_MAX, 0) == "accepted");
  CHECK(frames_refusal(101, 100) ==
        "/Targets/0/Image/Animations/1: 101 frames would be sampled, at most 100 are allowed "
        "(max-frames); give a longer Interval or a Number");
  CHECK(frames_refusal(100'001, TaskLimits{}.frames) != "accepted");
}

TEST_CASE("canvases count together") {
  const TaskLimits limits{.pixels = 10'000};
  OutputPlan plan;
  plan.size = {100, 100};
  anim::PlanBudget budget(limits);
  CHECK(budget.take(request(), plan).ok());
  plan.size = {1, 1};
  CHECK(refusal(budget.take(request(), plan)) ==
        "/Targets/0/Image/Animations/1: the picture of 1x1 brings all animations together to 10001 "
        "pixels, at most 10000 are allowed (max-pixels); give a smaller Width or Height");
  plan.size = {101, 100};
  CHECK(refusal(anim::PlanBudget(limits).take(request(), plan)) ==
        "/Targets/0/Image/Animations/1: the picture of 101x100 has 10100 pixels, at most 10000 are "
        "allowed (max-pixels); give a smaller Width or Height");
  plan.size = {65535, 65535};
  const TaskLimits none{.pixels = 0};
  CHECK(anim::PlanBudget(none).take(request(), plan).ok());
}

TEST_CASE("pictures and timelines are refused above their limit, not at it") {
  using namespace std::chrono_literals;
  const TaskLimits limits{.pixels = 100, .duration = 2500ms};
  CHECK(anim::check_picture("/Sources/0", {10, 10}, limits).ok());
  CHECK(refusal(anim::check_picture("/Sources/0", {60'000, 60'000}, limits)) ==
        "/Sources/0/URI: a picture of 60000x60000 has 3600000000 pixels, at most 100 are allowed "
        "(max-pixels)");
  CHECK(anim::check_timeline(2500ms, limits).ok());
  CHECK(refusal(anim::check_timeline(2501ms, limits)) ==
        "/Sources: the timeline is 2.501 s long, at most 2.5 s are allowed (max-duration); give a "
        "shorter Duration");
  CHECK(anim::check_timeline(anim::Nanoseconds::max(), TaskLimits{.duration = 0s}).ok());
}

TEST_CASE("what shows while a task runs is worded with its limit") {
  using namespace std::chrono_literals;
  const TaskLimits limits{.frames = 5, .duration = 2s, .output_bytes = 1000, .timeout = 1500ms};
  CHECK(anim::too_many_frames(request(), limits).message ==
        "/Targets/0/Image/Animations/1: more frames are there to sample, at most 5 are allowed "
        "(max-frames); give a longer Interval or a Number");
  CHECK(anim::timeline_too_long(limits).message ==
        "/Sources: the video goes on for more than 2 s, the most that is allowed (max-duration); "
        "give a Duration");
  CHECK(anim::output_too_large(request(), "o.gif", limits).message ==
        "/Targets/0/Image/Animations/1/URI: \"o.gif\" would be larger than 1000 bytes, the most "
        "that is allowed (max-output-size)");
  CHECK(anim::took_too_long(limits).message ==
        "the task took longer than 1.5 s, the most that is allowed (timeout)");
}

TEST_CASE("the webhook's scheme counts, and nothing secret of it is shown") {
  anim::Task task;
  task.webhook = "https://user:word@h:1/hook?token=secret";
  CHECK(anim::check_task_schemes(task, TaskLimits{}).ok());
  CHECK(anim::check_task_schemes(task, TaskLimits{.schemes = {"https"}}).ok());
  CHECK(refusal(anim::check_task_schemes(task, TaskLimits{.schemes = {"oss", "http"}}),
                ErrorCode::InvalidArgument) ==
        "/Notification/Webhook/URL: \"https://h:1/hook\" is of the scheme https, which is not "
        "allowed here; allowed are oss, http (allowed-schemes)");
}
