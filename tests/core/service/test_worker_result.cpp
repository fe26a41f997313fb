// SPDX-License-Identifier: LGPL-2.1-or-later
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
  result.published = {"oss://b/a.webp"};
  result.outputs.push_back({.uri = "oss://b/c.webp", .frame_count = 3, .bytes = 99});
  const auto read = parse_result(result_json(result));
  REQUIRE(read);
  CHECK(read->code == TaskCode::DiskFull);
  CHECK(read->message == "no space");
  CHECK(read->warnings == result.warnings);
  CHECK(read->decoded_frames == 12);
  CHECK(read->published == result.published);
  REQUIRE(read->outputs.size() == 1);
  CHECK(read->outputs[0].uri == "oss://b/c.webp");
  CHECK(read->outputs[0].frame_count == 3);
  CHECK(read->outputs[0].bytes == 99);
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
