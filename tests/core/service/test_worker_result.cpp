// SPDX-License-Identifier: LGPL-2.1-or-later
#include <csignal>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/worker_result.h"

using namespace anim;
using namespace anim::service;

TEST_CASE("a result is read back as it was written") {
  TaskResult result;
  result.code = TaskCode::DiskFull;
  result.message = "no space";
  result.warnings = {"w"};
  result.decoded_frames = 12;
  result.skipped_units = 34;
  result.published = {"oss://b/a.webp"};
  OutputResult output;
  output.uri = "oss://b/c.webp";
  output.frame_count = 3;
  output.bytes = 99;
  output.md5 = "d41d8cd98f00b204e9800998ecf8427e";
  result.outputs.push_back(output);
  const auto read = parse_result(result_json(result));
  REQUIRE(read);
  CHECK(read->code == TaskCode::DiskFull);
  CHECK(read->message == "no space");
  CHECK(read->warnings == result.warnings);
  CHECK(read->decoded_frames == 12);
  CHECK(read->skipped_units == 34);
  CHECK(read->published == result.published);
  REQUIRE(read->outputs.size() == 1);
  CHECK(read->outputs[0].uri == "oss://b/c.webp");
  CHECK(read->outputs[0].frame_count == 3);
  CHECK(read->outputs[0].bytes == 99);
  CHECK(read->outputs[0].md5 == output.md5);
  CHECK(parse_result(result_json({}))->code == TaskCode::None);
}

TEST_CASE("what is no result") {
  for (const char* text : {"", "{", "[]", "{}", R"({"Code":1})"}) CHECK_FALSE(parse_result(text));
}

TEST_CASE("lines of progress") {
  CHECK(percent_in("50 % (30 of 60 frames)") == 50);
  CHECK(percent_in("100 % (1 of 1 frames)") == 100);
  for (const char* line : {"", "30 frames", "warning: 50 %", "101 % x", "-1 % x", "5", "5%"}) {
    CHECK_FALSE(percent_in(line));
  }
}

TEST_CASE("the last line of progress in what a worker has said so far") {
  CHECK(last_percent_in("") == 0);
  CHECK(last_percent_in("warning: 50 %\n") == 0);
  CHECK(last_percent_in("10 % (1 of 10 frames)\n20 % (2 of 10 frames)\n") == 20);
  CHECK(last_percent_in("10 % (1 of 10 frames)\nwarning: x\n\n") == 10);
  CHECK(last_percent_in("ut off\n90 % (9 of 10 frames)") == 90);
}

TEST_CASE("how a worker ended") {
  const WorkerLimits limits{.memory = std::uint64_t{64} << 20,
                            .cpu = std::chrono::seconds(7),
                            .wall = std::chrono::seconds(9)};
  TaskResult failure;
  failure.code = TaskCode::NoVideoStream;
  failure.message = "no video";
  const std::string failed = result_json(failure);
  const std::string succeeded = result_json({});

  CHECK(result_of({.output = succeeded}, limits).code == TaskCode::None);
  CHECK(result_of({.exit_status = 4, .output = failed}, limits).message == "no video");
  CHECK(result_of({.exit_status = 3, .last_complaint = "gst-animate-1.0: /Sources: bad"}, limits)
            .message == "/Sources: bad");
  CHECK(result_of({.exit_status = 3}, limits).code == TaskCode::InvalidArgument);
  CHECK(result_of({.exit_status = 1}, limits).code == TaskCode::InternalError);
  CHECK(result_of({.exit_status = 0}, limits).message == "the worker ended without a result");

  CHECK(result_of({.signal = SIGSEGV}, limits).message ==
        "the worker was ended by signal 11 (Segmentation fault); it may use 64 MiB of memory");
  CHECK(result_of({.signal = SIGXCPU}, limits).message ==
        "the task took more than 7 s of CPU time");
  const TaskResult late = result_of({.signal = SIGKILL, .is_out_of_time = true}, limits);
  CHECK(late.code == TaskCode::LimitExceeded);
  CHECK(late.message == "the task took longer than 9 s");
  // It had just made it.
  CHECK(result_of({.is_out_of_time = true, .output = succeeded}, limits).code == TaskCode::None);
}
