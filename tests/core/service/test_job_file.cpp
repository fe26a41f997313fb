// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/service/job_file.h"

using namespace anim;
using namespace anim::service;

TEST_CASE("what is written is read") {
  const auto task = job_task(job_text("MediaConvert-1", "{\"a\":\n1}\n"));
  REQUIRE(task.ok());
  CHECK(task->id == "MediaConvert-1");
  CHECK(task->definition == "{\"a\":\n1}\n");
}

TEST_CASE("another text is refused") {
  for (const char* text : {"", "id", "id\n", "\n{}"}) {
    CAPTURE(text);
    const auto task = job_task(text);
    REQUIRE_FALSE(task.ok());
    CHECK(task.error().code == ErrorCode::InvalidArgument);
  }
}
