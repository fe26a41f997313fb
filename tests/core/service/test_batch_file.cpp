// SPDX-License-Identifier: LGPL-2.1-or-later
#include <set>

#include <doctest/doctest.h>

#include "gst/core/service/batch_file.h"

using namespace anim;
using namespace anim::service;

TEST_CASE("A line is a task; blank lines are none, and lines are counted with them") {
  const auto tasks = batch_tasks("{\"a\":1}\n\n  \t\r\n {\"b\":2}\r\n{\"c\":3}");
  REQUIRE(tasks.ok());
  REQUIRE(tasks->size() == 3);
  CHECK(tasks->at(0).line == 1);
  CHECK(tasks->at(1).line == 4);
  CHECK(tasks->at(1).definition == "{\"b\":2}");
  CHECK(tasks->at(2).line == 5);
}

TEST_CASE("A task's id is its text's, wherever it stands; the same text twice is two tasks") {
  const auto one = batch_tasks("a\nb\na\n");
  const auto other = batch_tasks("new\n\nb\n a\na");
  REQUIRE(one.ok());
  REQUIRE(other.ok());
  CHECK(one->at(0).id == other->at(2).id);
  CHECK(one->at(1).id == other->at(1).id);
  CHECK(one->at(2).id == other->at(3).id);
  const std::set<std::string> ids = {one->at(0).id, one->at(1).id, one->at(2).id};
  CHECK(ids.size() == 3);
  CHECK(one->at(1).id.starts_with("MediaConvert-"));
  CHECK(one->at(1).id.size() == 13 + 32);
}

TEST_CASE("A task by its index is the one that there is among all") {
  const char* text = "a\n\nb\n a\r\nb\na";
  const auto all = batch_tasks(text);
  REQUIRE(all.ok());
  REQUIRE(all->size() == 5);
  for (std::size_t i = 0; i < all->size(); ++i) {
    const auto one = batch_task(text, i);
    REQUIRE(one.ok());
    CHECK(one->line == all->at(i).line);
    CHECK(one->id == all->at(i).id);
    CHECK(one->definition == all->at(i).definition);
  }
}

TEST_CASE("A file without a task is refused, and an index beyond the last") {
  CHECK(batch_tasks("").error().message == "there is no task in it; a line is one task");
  CHECK_FALSE(batch_tasks(" \n\n").ok());
  CHECK(batch_task("\n", 0).error().message == "there is no task in it; a line is one task");
  CHECK(batch_task("a\nb\n", 1)->definition == "b");
  CHECK(batch_task("a\nb\n", 2).error().message ==
        "there is no task 2; there are 2, counted from 0");
}
