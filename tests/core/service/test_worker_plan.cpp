// SPDX-License-Identifier: LGPL-2.1-or-later
#include <csignal>

#include <doctest/doctest.h>

#include "gst/core/service/worker_plan.h"

using namespace anim;
using namespace anim::service;

TEST_CASE("a plan is answered as it is") {
  const auto plan = plan_of({.output = "{\"Outputs\": [\n{\"FrameCount\": 3}]}"}, {});
  REQUIRE(plan);
  CHECK(plan_answer(*plan, "R-1") ==
        R"({"RequestId":"R-1","Plan":{"Outputs":[{"FrameCount":3}]}})");
}

TEST_CASE("why there is none") {
  const auto code = [](const WorkerReport& report) {
    const auto plan = plan_of(report, {});
    REQUIRE_FALSE(plan);
    return plan.error().code;
  };
  CHECK(code({.exit_status = 3, .last_complaint = "x"}) == ErrorCode::InvalidArgument);
  CHECK(code({.exit_status = 4, .last_complaint = "x"}) == ErrorCode::InvalidArgument);
  CHECK(code({.exit_status = 1, .output = "{}"}) == ErrorCode::Internal);
  CHECK(code({.output = "[1]"}) == ErrorCode::Internal);
  CHECK(code({.output = ""}) == ErrorCode::Internal);
  CHECK(code({.signal = SIGXCPU}) == ErrorCode::LimitExceeded);
  CHECK(code({.is_out_of_time = true}) == ErrorCode::LimitExceeded);
  CHECK(code({.signal = SIGSEGV}) == ErrorCode::Internal);
  CHECK(code({.signal = SIGKILL, .is_out_of_time = true}) == ErrorCode::LimitExceeded);
  CHECK(code({.signal = SIGKILL, .is_too_long = true}) == ErrorCode::Internal);
  CHECK(plan_of({.signal = SIGSEGV}, {}).error().message.find("signal 11") != std::string::npos);
  const auto plan =
      plan_of({.exit_status = 4, .last_complaint = "gst-animate-1.0: no such file"}, {});
  CHECK(plan.error().message == "no such file");
}
