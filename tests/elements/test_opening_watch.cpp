// SPDX-License-Identifier: LGPL-2.1-or-later
// How long animtaskbin waits for a source that is being opened.
#include <string>

#include <doctest/doctest.h>

#include "plugins/animtask/opening_watch.h"

namespace {

using namespace anim;

JoinedSource::Opening opening(unsigned number, bool is_at_rest) {
  return {.number = number,
          .uri = "a.mp4",
          .is_at_rest = is_at_rest,
          .gave_up = {TaskCode::SourceUnreadable, Error{ErrorCode::ReadFailed, "gave up", {}}}};
}

/// The looks that it takes until the watch gives up, and what it says; 0 when it does not.
std::pair<int, std::string> patience(OpeningWatch& watch, unsigned number, bool is_at_rest) {
  for (int look = 1; look <= 100; ++look) {
    if (const auto failure = watch.look(opening(number, is_at_rest))) {
      return {look, failure->error.message};
    }
  }
  return {0, ""};
}

}  // namespace

TEST_CASE("a source that rests has given up after a second") {
  OpeningWatch watch(0);
  CHECK(patience(watch, 1, true) == std::pair<int, std::string>(4, "gave up"));
}

TEST_CASE("rest that does not last is none") {
  OpeningWatch watch(0);
  for (int i = 0; i < 20; ++i) {
    const bool is_at_rest = i % 4 != 3;
    CHECK_FALSE(watch.look(opening(1, is_at_rest)));
  }
}

TEST_CASE("a source that works is waited for until the timeout, each anew") {
  OpeningWatch watch(3 * GST_SECOND / 2);
  const std::pair<int, std::string> expected(
      6, "\"a.mp4\" gave no picture within 1.5 s (open-timeout)");
  CHECK(patience(watch, 1, false) == expected);
  CHECK(patience(watch, 2, false) == expected);
}

TEST_CASE("without a timeout it is waited for") {
  OpeningWatch watch(0);
  CHECK(patience(watch, 1, false).first == 0);
}
