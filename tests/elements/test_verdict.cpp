// SPDX-License-Identifier: LGPL-2.1-or-later
// How a run of animtaskbin ends: the first failure stands, as long as one may come.
#include <string>

#include <doctest/doctest.h>

#include "plugins/animtask/verdict.h"

namespace {

using namespace anim;

Failure failure(const std::string& message) {
  return {TaskCode::SourceUnreadable, Error{ErrorCode::ReadFailed, message, {}}};
}

std::string message_of(const std::optional<Failure>& failure) {
  return failure ? failure->error.message : "";
}

}  // namespace

TEST_CASE("the first failure stands") {
  Verdict verdict;
  CHECK(verdict.is_open());
  CHECK(verdict.fail(failure("first")));
  CHECK_FALSE(verdict.fail(failure("second")));
  CHECK_FALSE(verdict.fail_late(failure("third")));
  CHECK_FALSE(verdict.is_open());
  CHECK(message_of(verdict.failure()) == "first");
  CHECK(message_of(verdict.decide()) == "first");
}

TEST_CASE("after the elements are gone only what is late counts, until the outputs are in place") {
  Verdict verdict;
  verdict.close();
  CHECK_FALSE(verdict.is_open());
  CHECK_FALSE(verdict.fail(failure("of an element")));
  SUBCASE("too late") {
    CHECK(verdict.fail_late(failure("late")));
    CHECK(message_of(verdict.decide()) == "late");
  }
  SUBCASE("in time") {
    CHECK_FALSE(verdict.decide());
    CHECK_FALSE(verdict.fail_late(failure("late")));
    CHECK_FALSE(verdict.failure());
  }
}

TEST_CASE("a run that has failed is over") {
  Verdict verdict;
  verdict.settle(failure("settled"));
  CHECK_FALSE(verdict.fail(failure("another")));
  CHECK_FALSE(verdict.fail_late(failure("late")));
  CHECK(message_of(verdict.failure()) == "settled");
}

TEST_CASE("circumstances are no failure") {
  Verdict verdict;
  verdict.note_damage("a.mp4");
  verdict.note_early_end();
  CHECK(verdict.is_open());
  CHECK(verdict.circumstances().damaged == "a.mp4");
  CHECK(verdict.circumstances().is_ended_early);
}
